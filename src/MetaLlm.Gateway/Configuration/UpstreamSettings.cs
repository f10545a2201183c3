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

    /// <summary>
    /// Address under which <c>chat/completions</c> lies, or <c>messages</c> for kind <c>anthropic</c>, such as <c>https://api.example.com/v1</c>. Kinds <c>openai</c>,
    /// <c>azure-openai</c> and <c>vllm</c> need it.
    /// </summary>
    [StringLength(2048), DefaultValue("that of the kind")]
    public string? BaseUrl { get; init; }

    /// <summary>Environment variable that holds the key that the gateway sends; without it none is sent.</summary>
    public EnvironmentValue? ApiKeyEnvironment { get; init; }

    /// <summary>File that holds that key, instead of an environment variable. Its changes are followed: the next call has the new key.</summary>
    [StringLength(4096)]
    public SecretFile? ApiKeyFile { get; init; }

    /// <summary>Header that the key goes into: <c>Authorization</c>, where <c>Bearer</c> stands before it, <c>x-api-key</c>, <c>api-key</c>, <c>x-goog-api-key</c> or another.</summary>
    [StringLength(128), RegularExpression("[!#$%&'*+.^_`|~0-9A-Za-z-]+", ErrorMessage = "it must be the name of a header"), DefaultValue("that of the kind")]
    public string? ApiKeyHeader { get; init; }

    /// <summary>What every request gets.</summary>
    [Inline]
    public RequestAdditions Additions { get; } = new();

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
    [DefaultValue("true, except for kind mistral, which counts unasked")]
    public bool? AskForStreamUsage { get; init; }

    /// <summary>What the invented models know and answer follows from it, for kind <c>simulator</c>.</summary>
    [NeedsRestart, Range(0, int.MaxValue), DefaultValue(1)]
    public int? Seed { get; init; }

    /// <summary>Factor on the latencies of the invented models: 0.1 is ten times as fast as in life; for kind <c>simulator</c>.</summary>
    [NeedsRestart, Range(0.0, 100.0), DefaultValue(1)]
    public double? TimeScale { get; init; }

    /// <summary>Address, key and limits.</summary>
    public UpstreamEndpoint Endpoint { get; private set; } = new() { Name = "", BaseAddress = NotStarted };

    internal UpstreamPreset Preset => UpstreamPreset.Of(Kind);

    internal void Complete(string name, SettingsContext context, SettingsErrors errors)
    {
        foreach (var (member, isGiven) in ((string, bool)[])
            [("baseUrl", BaseUrl is not null), ("apiKeyEnvironment", ApiKeyEnvironment is not null), ("apiKeyFile", ApiKeyFile is not null), ("apiKeyHeader", ApiKeyHeader is not null),
                ("headers", Additions.AllHeaders.Count > 0), ("query", Additions.WholeQuery.Count > 0)])
        {
            if (isGiven && Kind is UpstreamKind.Simulator or UpstreamKind.ChatClient)
            {
                errors.Add(member, $"belongs to kind 'openai' and others that are called over the network; this upstream is of kind '{Word(Kind)}'.");
            }
        }

        foreach (var (member, isGiven) in ((string, bool)[])[("seed", Seed is not null), ("timeScale", TimeScale is not null)])
        {
            if (isGiven && Kind != UpstreamKind.Simulator)
            {
                errors.Add(member, $"belongs to kind 'simulator'; this upstream is of kind '{Word(Kind)}'.");
            }
        }

        if (ApiKeyEnvironment is not null && ApiKeyFile is not null)
        {
            errors.Add("apiKeyFile", "is given beside apiKeyEnvironment; only one of them may be.");
        }

        Additions.Check(errors);
        Endpoint = new UpstreamEndpoint
        {
            Name = name,
            Protocol = Preset.Protocol,
            BaseAddress = Kind switch
            {
                UpstreamKind.Simulator => SimulatorAddress(context, errors),
                UpstreamKind.ChatClient => NotStarted,
                _ => ReadBaseUrl(errors),
            },
            ApiKey = ApiKeyFile?.Value ?? ApiKeyEnvironment?.Value,
            KeyHeader = ApiKeyHeader,
            Headers = Additions.AllHeaders,
            Query = Additions.WholeQuery,
            Timeouts = new UpstreamTimeouts
            {
                Connect = ConnectTimeout, FirstByte = FirstByteTimeout, Plain = PlainTimeout, Idle = IdleTimeout, Total = TotalTimeout,
            },
            ConnectRetries = ConnectRetries,
            AskForStreamUsage = AskForStreamUsage ?? Preset.AsksForStreamUsage,
        };
    }

    private static string Word(UpstreamKind kind) => SettingsShape.Of(typeof(UpstreamSettings)).Find("kind")!.Choices!.First(choice => choice.Value.Equals(kind)).Key;

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
        var text = BaseUrl ?? Preset.BaseAddress;
        if (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0 && uri.Query.Length == 0)
        {
            return uri;
        }

        errors.Add("baseUrl", text is null
            ? "is missing; it must be an http or https address, such as https://api.example.com/v1."
            : $"is '{BaseUrl}'; it must be an http or https address without user, password or query, such as https://api.example.com/v1.");
        return NotStarted;
    }
}
