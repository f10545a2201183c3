using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Streaming;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>The Converse API of Amazon Bedrock. docs/providers.md says what becomes of each member.</summary>
/// <param name="time">Dates answers, which the format does not.</param>
internal sealed class BedrockDialect(TimeProvider time) : IChatDialect
{
    /// <inheritdoc/>
    public string Protocol => UpstreamEndpoint.Bedrock;

    /// <inheritdoc/>
    public string StreamMediaType => "application/vnd.amazon.eventstream";

    /// <inheritdoc/>
    public IReadOnlyList<string> RelayedHeaders { get; } = ["x-amzn-requestid"];

    /// <inheritdoc/>
    public Uri Address(ChatCall call) => UpstreamAddress.WithQuery(
        UpstreamAddress.Join(call.Endpoint.BaseAddress, $"model/{Uri.EscapeDataString(call.Model)}/{(call.Stream ? "converse-stream" : "converse")}"), call);

    /// <inheritdoc/>
    public void AddHeaders(HttpRequestMessage request, ChatCall call)
    {
    }

    /// <inheritdoc/>
    public DialectRequest Write(ChatCall call, RequestBody chat) => TranslatedRequest.Write(chat, request => new BedrockRequest(call, request).Write());

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadAnswer(ReadOnlyMemory<byte> body) => BedrockAnswer.Read(body, time.GetUtcNow());

    /// <inheritdoc/>
    public IEventSource ReadEvents(Stream body, UsageJudge judge) => new BedrockEvents(body, judge, time.GetUtcNow());

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadObjection(ReadOnlyMemory<byte> body) => BedrockErrors.Read(body);
}
