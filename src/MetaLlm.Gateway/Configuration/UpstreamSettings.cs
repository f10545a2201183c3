using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>An upstream: a service that calls go to.</summary>
public sealed partial class UpstreamSettings
{
    /// <summary>Stands in for the simulator's address until it runs; nothing is sent there.</summary>
    private static readonly Uri NotStarted = new("http://127.0.0.1:1/v1");

    private static readonly UpstreamTimeouts Standard = new();

    /// <summary>What the upstream is.</summary>
    public UpstreamKind Kind { get; init; }

    /// <summary>
    /// Address under which <c>chat/completions</c> lies, <c>messages</c> for kind <c>anthropic</c>, <c>models</c> for kind <c>gemini</c> or <c>model</c> for kind
    /// <c>bedrock</c>, such as <c>https://api.example.com/v1</c>. Kinds <c>openai</c>, <c>azure-openai</c> and <c>vllm</c> need it.
    /// </summary>
    [StringLength(2048), DefaultValue("that of the kind")]
    public string? BaseUrl { get; init; }

    /// <summary>Region of kind <c>bedrock</c>, such as <c>eu-central-1</c>. It is part of the address and of signatures.</summary>
    [StringLength(32), RegularExpression("[a-z]{2,}(-[a-z0-9]+)+", ErrorMessage = "it must be the name of a region, such as eu-central-1"), DefaultValue("that of baseUrl")]
    public string? Region { get; init; }

    /// <summary>How the upstream is shown who calls. <c>entra</c> is for kind <c>azure-openai</c>: a token of Entra ID instead of a key, as <c>DefaultAzureCredential</c> finds it or the application's own <c>TokenCredential</c> gives it.</summary>
    public UpstreamAuth Auth { get; init; }

    /// <summary>
    /// Environment variable that holds the key that the gateway sends; without it none is sent. For kind <c>bedrock</c> it is an API key, or a key that signs, as
    /// <c>ID:SECRET</c> or <c>ID:SECRET:TOKEN</c>; without it one is looked for where Amazon's clients find theirs.
    /// </summary>
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

    /// <summary>How well the log-probabilities of the invented models tell right answers from wrong ones: the probability that a right one shows more confidence; for kind <c>simulator</c>.</summary>
    [NeedsRestart, Range(0.5, 0.999), DefaultValue(0.85)]
    public double? ConfidenceAuc { get; init; }

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

        foreach (var (member, isGiven) in ((string, bool)[])[("seed", Seed is not null), ("timeScale", TimeScale is not null), ("confidenceAuc", ConfidenceAuc is not null)])
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

        CheckAuth(errors);
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
            Authentication = Auth == UpstreamAuth.Entra ? UpstreamAuthentication.Entra : Preset.Authentication,
            Region = Kind == UpstreamKind.Bedrock ? Region ?? RegionOf(BaseUrl) : null,
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

    private void CheckAuth(SettingsErrors errors)
    {
        if (Auth == UpstreamAuth.Entra && Kind != UpstreamKind.AzureOpenAi)
        {
            errors.Add("auth", $"is 'entra', which belongs to kind 'azure-openai'; this upstream is of kind '{Word(Kind)}'.");
        }

        if (Auth == UpstreamAuth.Entra && (ApiKeyEnvironment is not null || ApiKeyFile is not null || ApiKeyHeader is not null))
        {
            errors.Add("auth", "is 'entra' beside a key or its header; only one of them may be.");
        }

        if (Region is not null && Kind != UpstreamKind.Bedrock)
        {
            errors.Add("region", $"belongs to kind 'bedrock'; this upstream is of kind '{Word(Kind)}'.");
        }
        else if (Kind == UpstreamKind.Bedrock && (Region ?? RegionOf(BaseUrl)) is null)
        {
            errors.Add("region", "is missing; it must be the region of Bedrock, such as eu-central-1, unless baseUrl names it.");
        }
    }

    /// <summary>The region in an address of Amazon's, such as <c>https://bedrock-runtime.eu-central-1.amazonaws.com</c>; null where there is none.</summary>
    private static string? RegionOf(string? address) => address is not null && AmazonHost().Match(address) is { Success: true } match ? match.Groups["region"].Value : null;

    [GeneratedRegex("bedrock-runtime(-fips)?\\.(?<region>[a-z0-9-]+)\\.", RegexOptions.IgnoreCase)]
    private static partial Regex AmazonHost();

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
        if (Kind == UpstreamKind.Bedrock && BaseUrl is null && Region is null)
        {
            // The region is missing, which is said there.
            return NotStarted;
        }

        var text = BaseUrl ?? Preset.BaseAddress?.Replace("REGION", Region, StringComparison.Ordinal);
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
