using System.Collections.Concurrent;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Streaming;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Dialects.OpenAi;

/// <summary>The OpenAI chat completion format itself: every byte passes as it came.</summary>
internal class OpenAiDialect : IChatDialect
{
    private readonly ConcurrentDictionary<(Uri Base, CallKind Kind), Uri> _addresses = new();

    /// <inheritdoc/>
    public virtual string Protocol => UpstreamEndpoint.OpenAi;

    /// <inheritdoc/>
    public virtual string KeyHeader => UpstreamEndpoint.BearerHeader;

    /// <inheritdoc/>
    public IReadOnlyList<string> RelayedHeaders { get; } = ["x-request-id", "openai-processing-ms"];

    /// <inheritdoc/>
    public virtual Uri Address(ChatCall call)
    {
        // To parse an address takes longer than to send it, and this one is the same in every call.
        var address = _addresses.GetOrAdd((call.Endpoint.BaseAddress, call.Kind), static to => new Uri(UpstreamAddress.Join(to.Base, Path(to.Kind))));
        return UpstreamAddress.HasQuery(call) ? UpstreamAddress.WithQuery(address.AbsoluteUri, call) : address;
    }

    /// <inheritdoc/>
    public DialectRequest Write(ChatCall call, RequestBody chat) => new(chat.Bytes, []);

    /// <inheritdoc/>
    public void AddHeaders(HttpRequestMessage request, ChatCall call)
    {
    }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadAnswer(ReadOnlyMemory<byte> body) => body;

    /// <inheritdoc/>
    public IEventSource ReadEvents(Stream body, UsageJudge judge) => new EventReader(body);

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> ReadObjection(ReadOnlyMemory<byte> body) => body;

    /// <summary>Where requests of a kind go, below the address of all.</summary>
    protected static string Path(CallKind kind) => kind switch
    {
        CallKind.Embeddings => "embeddings",
        CallKind.Completions => "completions",
        _ => "chat/completions",
    };
}
