using MetaLlm.WebConsole.Pages.Manage;
using MetaLlm.WebConsole.Pages.Manage.Teach;
using MetaLlm.WebConsole.Pages.Playground;
using MetaLlm.WebConsole.Routing;

namespace MetaLlm.WebConsole.Pages;

/// <summary>The playground and the pages that manage.</summary>
internal static class ManageRoutes
{
    public static IReadOnlyList<ConsoleRoute> All { get; } =
    [
        ConsoleRoute.Page<PlaygroundPage>("Playground"),
        ConsoleRoute.Page<TenantsPage>("Manage"),
        ConsoleRoute.Page<NewTenantPage>(),
        ConsoleRoute.Page<TenantPage>(),
        ConsoleRoute.Page<KeysPage>(),
        ConsoleRoute.Page<AdminKeysPage>(),
        ConsoleRoute.Page<ModelsPage>(),
        ConsoleRoute.Page<BudgetPage>(),
        ConsoleRoute.Page<PolicyPage>(),
        ConsoleRoute.Page<TeachPage>(),
        ConsoleRoute.Page<RolloutPage>(),
        ConsoleRoute.Page<AuditPage>(),
        ConsoleRoute.Handler<PreviewHandler>(),
        ConsoleRoute.Handler<SendHandler>(),
        ConsoleRoute.Handler<VoteHandler>(),
        ConsoleRoute.Handler<NewTenantHandler>(),
        ConsoleRoute.Handler<SaveHandler>(),
        ConsoleRoute.Handler<DocumentHandler>(),
        ConsoleRoute.Handler<DeleteHandler>(),
        ConsoleRoute.Handler<CreateKeyHandler>(),
        ConsoleRoute.Handler<RevokeKeyHandler>(),
        ConsoleRoute.Handler<CreateAdminKeyHandler>(),
        ConsoleRoute.Handler<RevokeAdminKeyHandler>(),
        ConsoleRoute.Handler<ModelHandler>(),
        ConsoleRoute.Handler<BudgetResetHandler>(),
        ConsoleRoute.Handler<PolicyEstimateHandler>(),
        ConsoleRoute.Handler<UploadHandler>(),
        ConsoleRoute.Handler<ApplyHandler>(),
        ConsoleRoute.Handler<StopHandler>(),
        ConsoleRoute.Handler<ChallengerHandler>(),
    ];
}
