using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>An upstream: a service that calls go to.</summary>
public sealed class UpstreamSettings
{
    /// <summary>Stands in for the simulator's address until it runs; nothing is sent there.</summary>
    private static readonly Uri NotStarted = new("http://127.0.0.1:1/v1");

    private static readonly UpstreamTimeouts Standard = new();

    /// <summary>What the upstream is.</summary>
    public UpstreamKind Kind { get; init; }

    /// <summary>Address under which <c>chat/completions</c> lies, such as <c>https://api.example.com/v1</c>; kind <c>openai</c> needs it.</summary>
    [StringLength(2048)]
    public string? BaseUrl { get; init; }

    /// <summary>Environment variable that holds the key that the gateway sends, for kind <c>openai</c>; without it none is sent.</summary>
    public EnvironmentValue? ApiKeyEnvironment { get; init; }

    /// <summary>File that holds that key, instead of an environment variable. Its changes are followed: the next call has the new key.</summary>
    [StringLength(4096)]
    public SecretFile? ApiKeyFile { get; init; }

    /// <summary>Time to a connection.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", MinimumIsExclusive = true)]
    public TimeSpan ConnectTimeout { get; init; } = Standard.Connect;

    /// <summary>Time to the first event of a stream that carries content; whatever arrives before it starts the time anew.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", MinimumIsExclusive = true)]
    public TimeSpan FirstByteTimeout { get; init; } = Standard.FirstByte;

    /// <summary>Time to the headers of a plain answer, which most servers send when the whole answer is there, and between two reads of its body.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan PlainTimeout { get; init; } = Standard.Plain;

    /// <summary>Time between two reads of a stream.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", MinimumIsExclusive = true)]
    public TimeSpan IdleTimeout { get; init; } = Standard.Idle;

    /// <summary>Time to the end of the answer.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan TotalTimeout { get; init; } = Standard.Total;

    /// <summary>How often a connection that could not be made is tried again before the model counts as failed.</summary>
    [Range(0, 5)]
    public int ConnectRetries { get; init; } = 1;

    /// <summary>Whether to ask for a usage count in streams (<c>stream_options.include_usage</c>); some servers refuse the field.</summary>
    public bool AskForStreamUsage { get; init; } = true;

    /// <summary>What the invented models know and answer follows from it, for kind <c>simulator</c>.</summary>
    [NeedsRestart, Range(0, int.MaxValue), DefaultValue(1)]
    public int? Seed { get; init; }

    /// <summary>Factor on the latencies of the invented models: 0.1 is ten times as fast as in life; for kind <c>simulator</c>.</summary>
    [NeedsRestart, Range(0.0, 100.0), DefaultValue(1)]
    public double? TimeScale { get; init; }

    /// <summary>Address, key and limits.</summary>
    public UpstreamEndpoint Endpoint { get; private set; } = new() { Name = "", BaseAddress = NotStarted };

    internal void Complete(string name, SettingsContext context, SettingsErrors errors)
    {
        foreach (var (member, isGiven, kind) in ((string, bool, UpstreamKind)[])
            [("baseUrl", BaseUrl is not null, UpstreamKind.OpenAi), ("apiKeyEnvironment", ApiKeyEnvironment is not null, UpstreamKind.OpenAi),
                ("apiKeyFile", ApiKeyFile is not null, UpstreamKind.OpenAi),
                ("seed", Seed is not null, UpstreamKind.Simulator), ("timeScale", TimeScale is not null, UpstreamKind.Simulator)])
        {
            if (isGiven && kind != Kind)
            {
                errors.Add(member, $"belongs to kind '{kind.ToString().ToLowerInvariant()}'; this upstream is of kind '{Kind.ToString().ToLowerInvariant()}'.");
            }
        }

        if (ApiKeyEnvironment is not null && ApiKeyFile is not null)
        {
            errors.Add("apiKeyFile", "is given beside apiKeyEnvironment; only one of them may be.");
        }

        Endpoint = new UpstreamEndpoint
        {
            Name = name,
            BaseAddress = Kind == UpstreamKind.Simulator ? SimulatorAddress(context, errors) : ReadBaseUrl(errors),
            ApiKey = ApiKeyFile?.Value ?? ApiKeyEnvironment?.Value,
            Timeouts = new UpstreamTimeouts
            {
                Connect = ConnectTimeout, FirstByte = FirstByteTimeout, Plain = PlainTimeout, Idle = IdleTimeout, Total = TotalTimeout,
            },
            ConnectRetries = ConnectRetries,
            AskForStreamUsage = AskForStreamUsage,
        };
    }

    private static Uri SimulatorAddress(SettingsContext context, SettingsErrors errors)
    {
        if (context is { Running: true, SimulatorAddress: null })
        {
            errors.Add("kind", "is 'simulator', which is started with the gateway only; restart to add it.");
        }

        return context.SimulatorAddress ?? NotStarted;
    }

    private Uri ReadBaseUrl(SettingsErrors errors)
    {
        if (Uri.TryCreate(BaseUrl, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Query.Length == 0)
        {
            return uri;
        }

        errors.Add("baseUrl", BaseUrl is null
            ? "is missing; it must be an http or https address, such as https://api.example.com/v1."
            : $"is '{BaseUrl}'; it must be an http or https address without user, password or query, such as https://api.example.com/v1.");
        return NotStarted;
    }
}
