using MetaLlm.Engine.Configuration;

namespace MetaLlm.Host;

/// <summary>
/// Logging as every .NET host configures it: the section <c>Logging</c> of the configuration file, then the environment
/// (<c>Logging__LogLevel__Orleans</c>, <c>Logging__Console__FormatterName</c>), over defaults that keep a start and an outage short.
/// </summary>
internal static class HostLogging
{
    private const string Section = "Logging";

    private static readonly Dictionary<string, string?> Defaults = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",

        // It would write a line for whoever asks while the store is away; the gateway itself says when it is no longer ready, and when it is again.
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
        ["Logging:LogLevel:OpenTelemetry"] = "Warning",

        // A line for each call is for those who ask for it.
        ["Logging:LogLevel:MetaLlm.Engine.Routing.CallLog"] = "Warning",
        ["Logging:LogLevel:Orleans"] = "Warning",

        // Each try that is followed by another would be told twice, with its stack. Whoever asked hears of the last one.
        ["Logging:LogLevel:Polly"] = "Error",

        // At every start it recommends a garbage collector that trades the memory of many tenants for throughput, which is the operator's choice.
        ["Logging:LogLevel:Orleans.Runtime.Silo"] = "Error",

        // Its first check measures from the machine's start, so that it warns of a standstill at most starts.
        ["Logging:LogLevel:Orleans.Runtime.Watchdog"] = "Error",

        // While the database is away it logs every call with its stack; the engine says in one line what it means for the tenant.
        ["Logging:LogLevel:Orleans.Storage.AdoNetGrainStorage"] = "Critical",
        ["Logging:Console:FormatterName"] = "simple",
        ["Logging:Console:LogToStandardErrorThreshold"] = "Trace",
        ["Logging:Console:FormatterOptions:SingleLine"] = "true",
        ["Logging:Console:FormatterOptions:TimestampFormat"] = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ",
        ["Logging:Console:FormatterOptions:UseUtcTimestamp"] = "true",
    };

    /// <summary>
    /// While this category may log at all, ASP.NET makes a span and a scope for each request and a span for each call of an upstream, whether or not anybody looks at them. It
    /// says nothing above the level of information.
    /// </summary>
    private const string Requests = "Microsoft.AspNetCore.Hosting.Diagnostics";

    /// <summary>Logs to standard error as configured.</summary>
    /// <param name="logging">Where to.</param>
    /// <param name="file">The configuration file.</param>
    /// <param name="needsSpans">Whether requests need a span though nothing collects them.</param>
    /// <exception cref="SettingsException">A level is unknown.</exception>
    public static void Add(ILoggingBuilder logging, IConfiguration file, bool needsSpans = false)
    {
        var configured = new ConfigurationBuilder().AddConfiguration(file).AddEnvironmentVariables().Build();
        var section = new ConfigurationBuilder()
            .AddInMemoryCollection(Defaults)
            .AddInMemoryCollection(needsSpans || AsksForRequests(configured) ? [] : [KeyValuePair.Create($"Logging:LogLevel:{Requests}", (string?)nameof(LogLevel.None))])
            .AddConfiguration(configured)
            .Build()
            .GetSection(Section);
        var errors = section.GetChildren()
            .Select(child => child.Key == "LogLevel" ? child : child.GetSection("LogLevel"))
            .SelectMany(levels => levels.GetChildren())
            .Where(level => !Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _))
            .Select(level => new SettingsError(
                level.Path.Replace(':', '.'), $"is '{level.Value}'; it must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}."))
            .ToList();
        if (errors.Count > 0)
        {
            throw new SettingsException(errors);
        }

        logging.AddConfiguration(section).AddConsole();
    }

    /// <summary>Whether a level is set for what ASP.NET says of requests, or lines are to name the request that they belong to.</summary>
    private static bool AsksForRequests(IConfiguration configured) =>
        configured.GetValue<bool>("Logging:Console:FormatterOptions:IncludeScopes")
        || configured.GetSection("Logging:LogLevel").GetChildren().Concat(configured.GetSection("Logging:Console:LogLevel").GetChildren())
            .Any(level => Requests.StartsWith(level.Key, StringComparison.OrdinalIgnoreCase));
}
