using System.Runtime.InteropServices;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Streaming;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>
/// Anthropic's Messages API. docs/providers.md says what becomes of each member. The version is the last that takes sampling parameters, from models that have them;
/// <c>headers</c> of the configuration may name a newer one.
/// </summary>
/// <param name="time">Dates answers, which the format does not.</param>
internal sealed class AnthropicDialect(TimeProvider time) : INativeDialect
{
    private const string Version = "2023-06-01";
    private static readonly byte[] MessageStop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"u8.ToArray();

    /// <inheritdoc/>
    public string Protocol => UpstreamEndpoint.Anthropic;

    /// <inheritdoc/>
    public string KeyHeader => "x-api-key";

    /// <inheritdoc/>
    public IReadOnlyList<string> RelayedHeaders { get; } = ["request-id"];

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> End => MessageStop;

    /// <inheritdoc/>
    public Uri Address(ChatCall call) => UpstreamAddress.WithQuery(UpstreamAddress.Join(call.Endpoint.BaseAddress, "messages"), call);

    /// <inheritdoc/>
    public void AddHeaders(HttpRequestMessage request, ChatCall call) => request.Headers.TryAddWithoutValidation("anthropic-version", Version);

    /// <inheritdoc/>
    public DialectRequest Write(ChatCall call, RequestBody chat) => TranslatedRequest.Write(chat, request => new AnthropicRequest(call, request).Write());

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadAnswer(ReadOnlyMemory<byte> body) => AnthropicAnswer.Read(body, time.GetUtcNow());

    /// <inheritdoc/>
    public IEventSource ReadEvents(Stream body, UsageJudge judge) => Translate(body, judge);

    /// <inheritdoc/>
    public TranslatedEvents Translate(Stream body, UsageJudge judge) => new AnthropicEvents(body, judge, time.GetUtcNow());

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Name(ReadOnlyMemory<byte> json, NativeNames names)
    {
        using var document = JsonDocument.Parse(json);
        return !document.RootElement.Says("type", out var type) ? json
            : type.IsText("message"u8) ? names.Write(json.Span)
            : type.IsText("message_start"u8) && document.RootElement.Says("message", out var message) && message.ValueKind == JsonValueKind.Object
                ? names.WriteWithin(json.Span, "message", JsonMarshal.GetRawUtf8Value(message))
            : json;
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadObjection(ReadOnlyMemory<byte> body) => AnthropicErrors.Read(body);
}
