using System.Text;

namespace MetaLlm.Engine.Ports;

/// <summary>An upstream service with its address, key and patience.</summary>
[GenerateSerializer, Immutable, Alias("metallm.upstream-endpoint")]
public sealed record UpstreamEndpoint
{
    /// <summary>The protocol of servers that speak the OpenAI chat completion format.</summary>
    public const string OpenAi = "openai";

    /// <summary>The protocol of Azure OpenAI.</summary>
    public const string AzureOpenAi = "azure-openai";

    /// <summary>The protocol of OpenAI's Responses API.</summary>
    public const string OpenAiResponses = "openai-responses";

    /// <summary>The protocol of Anthropic's Messages API.</summary>
    public const string Anthropic = "anthropic";

    /// <summary>The protocol of Google Gemini, <c>generateContent</c>.</summary>
    public const string Gemini = "gemini";

    /// <summary>The protocol of Amazon Bedrock, Converse.</summary>
    public const string Bedrock = "bedrock";

    /// <summary>The protocol of a client that the application brings, an <c>IChatClient</c> registered under the upstream's name.</summary>
    public const string ChatClient = "chat-client";

    /// <summary>The header of bearer keys: <c>Bearer</c> stands before the key.</summary>
    public const string BearerHeader = "Authorization";

    /// <summary>Name in the configuration.</summary>
    [Id(0)]
    public required string Name { get; init; }

    /// <summary>Address under which the protocol's paths lie, such as <c>chat/completions</c>; http or https.</summary>
    [Id(1)]
    public required Uri BaseAddress { get; init; }

    /// <summary>Key; null for none. Never printed.</summary>
    [Id(2)]
    public string? ApiKey { get; init; }

    /// <summary>Time limits.</summary>
    [Id(3)]
    public UpstreamTimeouts Timeouts { get; init; } = new();

    /// <summary>How often a connection that could not be made is tried again before the arm counts as failed; at least 0.</summary>
    [Id(4)]
    public int ConnectRetries { get; init; } = 1;

    /// <summary>Whether to ask for a usage count in streams (<c>stream_options.include_usage</c>); some servers refuse the field.</summary>
    [Id(5)]
    public bool AskForStreamUsage { get; init; } = true;

    /// <summary>What the upstream speaks; it says which provider makes the call.</summary>
    [Id(6)]
    public string Protocol { get; init; } = OpenAi;

    /// <summary>Header that the key goes into; in <see cref="BearerHeader"/> it is a bearer key. Null for the protocol's own.</summary>
    [Id(7)]
    public string? KeyHeader { get; init; }

    /// <summary>Headers of every request, by name. Values may be secret: never printed.</summary>
    [Id(8)]
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init => field = value.ToArray(); } = [];

    /// <summary>Parameters in the query of every request, by name. Values may be secret: never printed.</summary>
    [Id(9)]
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init => field = value.ToArray(); } = [];

    /// <summary>How the upstream is shown who calls.</summary>
    [Id(10)]
    public UpstreamAuthentication Authentication { get; init; }

    /// <summary>Region that requests are signed for, such as <c>eu-central-1</c>; null where nothing is signed.</summary>
    [Id(11)]
    public string? Region { get; init; }

    /// <summary>Whether calls of a kind have a form in what the upstream speaks.</summary>
    /// <param name="kind">The kind.</param>
    public bool Takes(CallKind kind) => kind == CallKind.Chat || Protocol is OpenAi or AzureOpenAi;

    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Name = ").Append(Name).Append(", BaseAddress = ").Append(BaseAddress);
        return true;
    }
}
