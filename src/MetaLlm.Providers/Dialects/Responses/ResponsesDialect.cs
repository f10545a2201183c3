using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Objections;
using MetaLlm.Providers.Streaming;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Dialects.Responses;

/// <summary>
/// OpenAI's Responses API. docs/providers.md says what becomes of each member. Nothing is kept there: each request has <c>store: false</c> and the whole conversation, and asks for
/// reasoning in encrypted form, which goes back with the next.
/// </summary>
/// <param name="time">Dates answers that do not say when they were made.</param>
internal sealed class ResponsesDialect(TimeProvider time) : INativeDialect
{
    private static readonly byte[] Include = """["reasoning.encrypted_content"]"""u8.ToArray();

    /// <inheritdoc/>
    public string Protocol => UpstreamEndpoint.OpenAiResponses;

    /// <inheritdoc/>
    public IReadOnlyList<string> RelayedHeaders { get; } = ["x-request-id", "openai-processing-ms"];

    /// <summary>A stream ends with its last event; there is none that could stand for it.</summary>
    public ReadOnlyMemory<byte> End => default;

    /// <inheritdoc/>
    public Uri Address(ChatCall call) => UpstreamAddress.WithQuery(UpstreamAddress.Join(call.Endpoint.BaseAddress, "responses"), call);

    /// <inheritdoc/>
    public void AddHeaders(HttpRequestMessage request, ChatCall call)
    {
    }

    /// <inheritdoc/>
    public DialectRequest Write(ChatCall call, RequestBody chat) =>
        TranslatedRequest.Write(chat, request => new ResponsesRequest(request, chat.Without).Write());

    /// <inheritdoc/>
    public IEnumerable<JsonEdit> NativeEdits(RequestBody chat) =>
        chat.Without.HasFlag(Extras.EncryptedReasoning) ? [] : [new("include", Include, AddIfMissing: true)];

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadAnswer(ReadOnlyMemory<byte> body) => ResponsesAnswer.Read(body, time.GetUtcNow());

    /// <inheritdoc/>
    public IEventSource ReadEvents(Stream body, UsageJudge judge) => Translate(body, judge);

    /// <inheritdoc/>
    public TranslatedEvents Translate(Stream body, UsageJudge judge) => new ResponsesEvents(body, time.GetUtcNow());

    /// <summary>The surface names them, together with the other members that say where a response is kept.</summary>
    public ReadOnlyMemory<byte> Name(ReadOnlyMemory<byte> json, NativeNames names) => json;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadObjection(ReadOnlyMemory<byte> body) => ResponsesErrors.Read(body);
}
