using System.Text;
using MetaLlm.Providers.Streaming;
using MetaLlm.Providers.Tests.Support;

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
        var events = await ReadAllAsync(Stream, piece);
        Assert.Equal([": hello\n\n", "data: {\"a\":1}\n\n", "event: x\r\ndata: two\r\n\r\n", "data: [DONE]"], events);
        Assert.Equal(Stream, string.Concat(events));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(1000)]
    public async Task Lines_may_end_with_a_carriage_return_alone(int piece)
    {
        var events = await ReadAllAsync("\uFEFFdata: 1\r\rdata: 2\rid: 3\r\r: c\r\r", piece);
        Assert.Equal(["data: 1\r\r", "data: 2\rid: 3\r\r", ": c\r\r"], events);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Blank_lines_between_events_are_no_events(int piece) =>
        Assert.Equal(["data: 1\n\n", "data: 2\r\n\r\n", "data: 3"], await ReadAllAsync("\n\ndata: 1\n\n\n\r\ndata: 2\r\n\r\n\r\ndata: 3", piece));

    [Theory]
    [InlineData("\uFEFF")]
    [InlineData("")]
    [InlineData("\n")]
    public async Task A_stream_without_events_has_none(string text) => Assert.Empty(await ReadAllAsync(text, 1));

    [Fact]
    public async Task An_event_longer_than_the_buffer_is_kept_whole()
    {
        var text = "data: " + new string('x', 100_000) + "\n\n";
        using var reader = new EventReader(new PiecemealStream(Encoding.UTF8.GetBytes(text + text), 30_000));
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

    private static async Task<List<string>> ReadAllAsync(string text, int piece)
    {
        using var reader = new EventReader(new PiecemealStream(Encoding.UTF8.GetBytes(text), piece));
        var events = new List<string>();
        while (await reader.NextAsync(CancellationToken.None) is { } bytes)
        {
            events.Add(Encoding.UTF8.GetString(bytes.Span));
        }

        return events;
    }
}
