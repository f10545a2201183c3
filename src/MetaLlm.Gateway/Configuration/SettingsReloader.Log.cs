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

    [LoggerMessage(5107, LogLevel.Error, "{Refusal}")]
    private static partial void LogKept(ILogger logger, string refusal);

    [LoggerMessage(5108, LogLevel.Warning, "The new configuration is in force but for the tenants {Tenants}, which keep their settings.")]
    private static partial void LogPartly(ILogger logger, string tenants);

    [LoggerMessage(5105, LogLevel.Information, "Tenant {Tenant}: policy {Policy}, {Arms} arms.")]
    private static partial void LogConfigured(ILogger logger, string tenant, string policy, int arms);

    [LoggerMessage(5106, LogLevel.Error, "What is stored of tenant {Tenant} cannot be read; its calls are refused, those of other tenants are not.")]
    private static partial void LogDamaged(ILogger logger, Exception exception, string tenant);
}
