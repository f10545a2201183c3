using MetaLlm.WebConsole;
using MetaLlm.WebConsole.Pages.Manage;
using MetaLlm.WebConsole.Pages.Manage.Teach;
using MetaLlm.WebConsole.Pages.Now;
using MetaLlm.WebConsole.Reports;
using MetaLlm.WebConsole.Pages.Playground;
using MetaLlm.WebConsole.Routing;
using MetaLlm.WebConsole.SignIn;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the console.</summary>
public static class MetaLlmConsoleServiceCollectionExtensions
{
    /// <summary>
    /// Adds the console, which <c>MapMetaLlmConsole</c> maps. Sessions and forms are protected by the application's data protection; where several processes serve the console, they share
    /// its keys.
    /// </summary>
    /// <param name="builder">What <c>AddMetaLlm</c> or <c>AddMetaLlmGateway</c> gave.</param>
    /// <param name="settings">Where it stands and how long sessions last; null for the defaults. Whether it is enabled is not looked at: who calls this wants it.</param>
    /// <returns>The same builder.</returns>
    public static IMetaLlmBuilder AddMetaLlmConsole(this IMetaLlmBuilder builder, ConsoleSettings? settings = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton(settings ?? new ConsoleSettings());
        services.AddRazorComponents();
        services.AddLocalization();
        services.AddDataProtection();
        services.AddAntiforgery();
        services.AddSingleton<SignInCode>();
        services.AddSingleton<SignInPace>();
        services.AddSingleton<ConsoleSessions>();
        services.AddSingleton<SignInEndpoint>();
        services.AddSingleton<TenantScope>();
        services.AddSingleton<FormReader>();
        services.AddSingleton<ConsoleGate>();
        services.AddSingleton<PlaygroundService>();
        services.AddSingleton<PolicyEstimates>();
        services.AddSingleton<StagedUploads>();
        services.AddSingleton<NowFeed>();
        services.AddScoped<ConsoleView>();
        ReportWriter.Add(services);
        return builder;
    }
}
