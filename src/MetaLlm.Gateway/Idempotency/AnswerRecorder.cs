using System.Buffers;

namespace MetaLlm.Gateway.Idempotency;

/// <summary>A response body that is written to a client and remembered. A client that has left gets nothing more, and the answer is remembered all the same. One writer at a time.</summary>
/// <param name="client">Where it goes.</param>
/// <param name="most">Most bytes to remember.</param>
/// <param name="left">Ends when the client leaves.</param>
internal sealed class AnswerRecorder(Stream client, int most, CancellationToken left) : Stream
{
    private readonly ArrayBufferWriter<byte> _body = new();

    /// <summary>Everything that was written; null when it was too much.</summary>
    public ReadOnlyMemory<byte>? Body => IsTooLong ? default(ReadOnlyMemory<byte>?) : _body.WrittenMemory;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool IsTooLong { get; set; }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!IsTooLong && _body.WrittenCount + buffer.Length <= most)
        {
            _body.Write(buffer.Span);
        }
        else
        {
            IsTooLong = true;
            _body.ResetWrittenCount();
        }

        return SendAsync(client.WriteAsync, buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken) =>
        await SendAsync((_, token) => new ValueTask(client.FlushAsync(token)), default, cancellationToken).ConfigureAwait(false);

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private async ValueTask SendAsync(Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> send, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (left.IsCancellationRequested)
        {
            return;
        }

        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(left, cancellationToken);
            await send(bytes, either.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException && left.IsCancellationRequested)
        {
            // The client has gone in the midst of it. Whoever sends the request again gets all of the answer.
        }
    }
}
