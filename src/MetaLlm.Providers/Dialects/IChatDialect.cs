using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Streaming;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Dialects;

/// <summary>
/// What one kind of upstream says otherwise than the OpenAI chat completion format: where requests go, how they and answers are written. Whatever a call needs
/// beyond that (limits, repetitions, cures, counts) is the same for all and stands in <see cref="Http.HttpChatProvider"/>.
/// </summary>
/// <remarks>Implementations are safe for concurrent use and keep no state that a call depends on.</remarks>
internal interface IChatDialect
{
    /// <summary>Its name in <see cref="UpstreamEndpoint.Protocol"/>.</summary>
    string Protocol { get; }

    /// <summary>Header that the key goes into where the endpoint names none.</summary>
    string KeyHeader => UpstreamEndpoint.BearerHeader;

    /// <summary>Media type of a streamed answer.</summary>
    string StreamMediaType => "text/event-stream";

    /// <summary>Headers of an answer that the client gets too.</summary>
    IReadOnlyList<string> RelayedHeaders { get; }

    /// <summary>Where a request goes.</summary>
    Uri Address(ChatCall call);

    /// <summary>Writes the request.</summary>
    /// <param name="call">The call.</param>
    /// <param name="chat">The chat completion request with the model's name and every change that configuration and cures make.</param>
    /// <exception cref="ChatProviderException">The upstream has no word for something that the client asks for (<see cref="ChatFailure.Objected"/>).</exception>
    DialectRequest Write(ChatCall call, RequestBody chat);

    /// <summary>Adds headers that every request needs. The key and the headers of the configuration are added for it.</summary>
    void AddHeaders(HttpRequestMessage request, ChatCall call);

    /// <summary>Makes a chat completion of a whole answer; an error that stands in its place stays one.</summary>
    /// <exception cref="System.Text.Json.JsonException">The text is no JSON object.</exception>
    ReadOnlyMemory<byte> ReadAnswer(ReadOnlyMemory<byte> body);

    /// <summary>Makes chat completion chunks of a streamed answer.</summary>
    /// <param name="body">The answer; the reader does not own it.</param>
    /// <param name="judge">Takes in counts that no chunk can carry.</param>
    IEventSource ReadEvents(Stream body, UsageJudge judge);

    /// <summary>Makes an error of the OpenAI format of what the upstream says against a request; what is no JSON object stays as it came.</summary>
    /// <param name="body">What the upstream says.</param>
    ReadOnlyMemory<byte> ReadObjection(ReadOnlyMemory<byte> body);

    /// <summary>Whether refusals say in their body how long to leave the upstream alone, for want of <c>Retry-After</c>.</summary>
    bool TellsPauses => false;

    /// <summary>Reads that; null where it does not say.</summary>
    /// <param name="body">The body of a refusal.</param>
    TimeSpan? ReadPause(ReadOnlyMemory<byte> body) => null;
}
