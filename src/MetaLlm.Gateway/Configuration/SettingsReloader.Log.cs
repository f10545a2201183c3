using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Configuration;

internal sealed partial class SettingsReloader
{
    [LoggerMessage(5101, LogLevel.Information, "The new configuration is in force: {Tenants} tenants, {Arms} arms.")]
    private static partial void LogReloaded(ILogger logger, int tenants, int arms);

    [LoggerMessage(5102, LogLevel.Error, "The changed configuration is refused; the one before stays in force. {Errors}")]
    private static partial void LogRefused(ILogger logger, string errors);

    [LoggerMessage(5103, LogLevel.Error, "The changed configuration could not be put in force.")]
    private static partial void LogFailed(ILogger logger, Exception exception);

    [LoggerMessage(5104, LogLevel.Warning, "The new configuration is in force but for {Members}: these need a restart, and keep their old values until then.")]
    private static partial void LogNeedsRestart(ILogger logger, string members);

    [LoggerMessage(5108, LogLevel.Warning, "The new configuration is in force but for the tenants {Tenants}, which keep their settings.")]
    private static partial void LogPartly(ILogger logger, string tenants);

    [LoggerMessage(5109, LogLevel.Warning, "Tenant {Tenant} could not be set up in advance; its first request tries again. {Reason} ({Unsaid} more since the last such line.)")]
    private static partial void LogNotSetUp(ILogger logger, Exception? defect, string tenant, string reason, int unsaid);
}
