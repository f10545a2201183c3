namespace MetaLlm.Providers.Tests.Support;

/// <summary>A stream whose bytes come so many at a time.</summary>
internal sealed class PiecemealStream(byte[] bytes, int piece) : MemoryStream(bytes)
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
}
