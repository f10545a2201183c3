using MetaLlm.WebConsole.Pages;
using MetaLlm.WebConsole.Pages.Cluster;
using MetaLlm.WebConsole.Pages.Decisions;
using MetaLlm.WebConsole.Pages.Learning;
using MetaLlm.WebConsole.Pages.Money;
using MetaLlm.WebConsole.Pages.Now;

namespace MetaLlm.WebConsole.Routing;

/// <summary>Everything of the console that needs a session. A page or a handler is one line here; pages with a title stand in the navigation, in this order.</summary>
internal static class ConsoleRoutes
{
    public static IReadOnlyList<ConsoleRoute> All { get; } =
    [
        ConsoleRoute.Page<NowPage>("Now"),
        ConsoleRoute.Handler<NowLive>(),
        ConsoleRoute.Page<LearningPage>("Learning"),
        ConsoleRoute.Page<MoneyPage>("Money"),
        ConsoleRoute.Handler<MoneyCsvHandler>(),
        ConsoleRoute.Page<DecisionsPage>("Decisions"),
        ConsoleRoute.Handler<FindDecision>(),
        ConsoleRoute.Page<DecisionPage>(),
        ConsoleRoute.Page<RequestPage>(),
        ConsoleRoute.Page<ClusterPage>("Cluster"),
        .. ManageRoutes.All,
        ConsoleRoute.Handler<PreferencesHandler>(),
        ConsoleRoute.Handler<SignOutHandler>(),
    ];
}
