using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Streaming;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>Google Gemini's own API, <c>generateContent</c>. docs/providers.md says what becomes of each member.</summary>
/// <param name="time">Dates answers.</param>
internal sealed class GeminiDialect(TimeProvider time) : IChatDialect
{
    /// <inheritdoc/>
    public string Protocol => UpstreamEndpoint.Gemini;

    /// <inheritdoc/>
    public string KeyHeader => "x-goog-api-key";

    /// <inheritdoc/>
    public IReadOnlyList<string> RelayedHeaders { get; } = [];

    /// <inheritdoc/>
    public Uri Address(ChatCall call)
    {
        // Names with a slash, such as tunedModels/NAME, say where they lie.
        var model = call.Model.Contains('/', StringComparison.Ordinal)
            ? string.Join('/', call.Model.Split('/').Select(Uri.EscapeDataString))
            : $"models/{Uri.EscapeDataString(call.Model)}";
        return UpstreamAddress.WithQuery(
            UpstreamAddress.Join(call.Endpoint.BaseAddress, call.Stream ? $"{model}:streamGenerateContent?alt=sse" : $"{model}:generateContent"), call);
    }

    /// <inheritdoc/>
    public void AddHeaders(HttpRequestMessage request, ChatCall call)
    {
    }

    /// <inheritdoc/>
    public DialectRequest Write(ChatCall call, RequestBody chat) => TranslatedRequest.Write(chat, request => new GeminiRequest(call, request).Write());

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadAnswer(ReadOnlyMemory<byte> body) => GeminiAnswer.Read(body, time.GetUtcNow());

    /// <inheritdoc/>
    public IEventSource ReadEvents(Stream body, UsageJudge judge) => new GeminiEvents(body, judge, time.GetUtcNow());

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadObjection(ReadOnlyMemory<byte> body) => GeminiErrors.Read(body);

    /// <inheritdoc/>
    public bool TellsPauses => true;

    /// <inheritdoc/>
    public TimeSpan? ReadPause(ReadOnlyMemory<byte> body) => GeminiErrors.ReadPause(body);
}
