using MetaLlm.Engine.Ports;

namespace MetaLlm.Benchmarks.Engines;

/// <summary>Calls no model.</summary>
internal sealed class NoProvider : IChatProvider
{
    public ValueTask<ChatResponse> SendAsync(ChatCall call, CancellationToken cancellationToken) =>
        throw new NotSupportedException("This benchmark calls no model.");
}
