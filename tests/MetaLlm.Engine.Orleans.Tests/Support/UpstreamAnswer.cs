using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Tests.Support;

/// <summary>An answer whose parts a test lets go one by one, in one buffer that the next part overwrites.</summary>
public sealed class UpstreamAnswer : IAsyncDisposable
{
    private readonly Channel<(string Text, bool Last, Exception? Error)> _parts = Channel.CreateUnbounded<(string, bool, Exception?)>();
    private readonly TaskCompletionSource _disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _buffer = new byte[64];

    /// <summary>Completes when nobody needs the upstream any more.</summary>
    public Task Disposed => _disposed.Task;

    public void Send(string text, bool last = false) => _parts.Writer.TryWrite((text, last, null));

    public void Fail(Exception error) => _parts.Writer.TryWrite(("", false, error));

    public ChatResponse Response(bool isNative = false) =>
        new(203, "text/event-stream", [new("x-request-id", "r1"), new("x-two", "2")], ReadAsync(default), this) { IsNative = isNative };

    public ValueTask DisposeAsync()
    {
        _disposed.TrySetResult();
        return ValueTask.CompletedTask;
    }

    private async IAsyncEnumerable<ChatPart> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var (text, last, error) in _parts.Reader.ReadAllAsync(cancellationToken))
        {
            if (error is not null)
            {
                throw error;
            }

            Array.Clear(_buffer);
            var length = Encoding.UTF8.GetBytes(text, _buffer);
            yield return new ChatPart(_buffer.AsMemory(0, length), last ? new TokenUsage(3, 1, 2) : null, text.Length, last);
            if (last)
            {
                yield break;
            }
        }
    }
}
