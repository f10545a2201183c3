using System.Text;
using MetaLlm.Providers.Streaming;

namespace MetaLlm.Providers.Tests;

public sealed class EventReaderTests
{
    private const string Stream = ": hello\n\ndata: {\"a\":1}\n\nevent: x\r\ndata: two\r\n\r\ndata: [DONE]";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Events_come_out_whole_however_the_bytes_arrive(int piece)
    {
        var reader = new EventReader(new PiecemealStream(Encoding.UTF8.GetBytes(Stream), piece));
        var events = new List<string>();
        while (await reader.NextAsync(CancellationToken.None) is { } bytes)
        {
            events.Add(Encoding.UTF8.GetString(bytes.Span));
        }

        Assert.Equal([": hello\n\n", "data: {\"a\":1}\n\n", "event: x\r\ndata: two\r\n\r\n", "data: [DONE]"], events);
        Assert.Equal(Stream, string.Concat(events));
    }

    [Fact]
    public async Task An_event_longer_than_the_buffer_is_kept_whole()
    {
        var text = "data: " + new string('x', 100_000) + "\n\n";
        var reader = new EventReader(new PiecemealStream(Encoding.UTF8.GetBytes(text + text), 30_000));
        Assert.Equal(text.Length, (await reader.NextAsync(CancellationToken.None))!.Value.Length);
        Assert.Equal(text.Length, (await reader.NextAsync(CancellationToken.None))!.Value.Length);
        Assert.Null(await reader.NextAsync(CancellationToken.None));
    }

    [Fact]
    public void Data_is_found_among_other_lines()
    {
        var bytes = "id: 7\r\ndata:{}\r\nretry: 1\r\n\r\n"u8;
        var data = EventData.Find(bytes);
        Assert.Equal(1, data.Lines);
        Assert.Equal("{}", Encoding.UTF8.GetString(bytes.Slice(data.Start, data.Length)));
        Assert.Equal(0, EventData.Find(": only a comment\n\n"u8).Lines);
    }

    private sealed class PiecemealStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
