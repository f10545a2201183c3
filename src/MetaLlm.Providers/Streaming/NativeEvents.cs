using MetaLlm.Providers.Dialects;

namespace MetaLlm.Providers.Streaming;

/// <summary>The events of another format as they come.</summary>
/// <param name="events">What they are read by, which is released with this.</param>
internal sealed class NativeEvents(TranslatedEvents events) : IEventSource
{
    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken) => events.NextUntranslatedAsync(cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => events.DisposeAsync();
}
