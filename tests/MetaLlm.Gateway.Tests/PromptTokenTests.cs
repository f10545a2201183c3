using System.Buffers.Binary;
using System.Text.Json;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Tests;

/// <summary>Tokens of what a prompt holds besides plain text.</summary>
public sealed class PromptTokenTests
{
    private const double Base = 4;

    public static TheoryData<string, byte[], double> Images => new()
    {
        { "image/png", Png(512, 512), 85 + 170 },
        { "image/png", Png(1024, 1024), 85 + (4 * 170) },
        { "image/png", Png(2048, 4096), 85 + (6 * 170) },
        { "image/gif", Gif(300, 900), 85 + (2 * 170) },
        { "image/webp", WebP(1000, 500), 85 + (2 * 170) },
        { "image/jpeg", Jpeg(2000, 1000, 20_000), 85 + (6 * 170) },
        { "image/jpeg", [0xff, 0xd8, 1, 2, 3], 85 + (4 * 170) },
        { "image/png", [], 85 + (4 * 170) },
    };

    [Theory]
    [MemberData(nameof(Images))]
    public void An_image_counts_by_the_squares_that_it_covers(string mediaType, byte[] file, double tokens)
    {
        Assert.Equal(Base + tokens, User($$$"""{"type":"image_url","image_url":{"url":"data:{{{mediaType}}};base64,{{{Convert.ToBase64String(file)}}}"}}"""));
        Assert.Equal(Base + tokens, User($$$"""{"type":"input_image","image_url":"data:{{{mediaType}}};base64,{{{Convert.ToBase64String(file).Replace("/", "\\/")}}}"}"""));
        Assert.Equal(Base + 85, User($$$"""{"type":"image_url","image_url":{"detail":"low","url":"data:{{{mediaType}}};base64,{{{Convert.ToBase64String(file)}}}"}}"""));
    }

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"https://example.org/cat.jpg"}}""", 85 + (4 * 170))]
    [InlineData("""{"type":"image_url","image_url":7}""", 85 + (4 * 170))]
    [InlineData("""{"type":"video_url","video_url":{"url":"https://example.org/cat.mp4"}}""", 8000)]
    [InlineData("""{"type":"file","file":{"file_id":"file-1"}}""", 2000)]
    [InlineData("""{"type":"input_audio","input_audio":null}""", 0)]
    [InlineData("""{"type":"refusal","refusal":"I will not do that."}""", 6)]
    [InlineData("""{"type":"unheard-of","a":[1,{"text":"aaaabbbbcccc"}]}""", 4)]
    public void Other_parts_count_by_what_is_known_of_them(string part, double tokens) => Assert.Equal(Base + tokens, User(part), 0.01);

    [Fact]
    public void Audio_counts_by_its_seconds_and_files_by_their_length()
    {
        var wav = new byte[96_000];
        "RIFF"u8.CopyTo(wav);
        BinaryPrimitives.WriteUInt32LittleEndian(wav.AsSpan(28), 32_000);
        Assert.Equal(Base + 30, User($$$"""{"type":"input_audio","input_audio":{"format":"wav","data":"{{{Convert.ToBase64String(wav)}}}"}}"""), 0.1);
        Assert.Equal(Base + 60, User($$$"""{"type":"input_audio","input_audio":{"format":"mp3","data":"{{{Convert.ToBase64String(new byte[96_000])}}}"}}"""), 0.1);
        Assert.Equal(Base + 1000, User($$$"""{"type":"file","file":{"file_data":"data:application/pdf;base64,{{{Convert.ToBase64String(new byte[40_000])}}}"}}"""), 1.0);
        Assert.Equal(Base + 1000, User($$$"""{"type":"file","file":{"file_data":"data:text/plain;base64,{{{Convert.ToBase64String(new byte[4000])}}}"}}"""), 1.0);
    }

    [Fact]
    public void Data_in_a_part_that_nobody_knows_is_no_text()
    {
        Assert.InRange(User($$$"""{"type":"new","blob":"{{{Convert.ToBase64String(new byte[300_000])}}}"}"""), Base, Base + 10);
        Assert.InRange(User($$$"""{"type":"thinking","thinking":"{{{string.Concat(Enumerable.Repeat("so I think ", 1000))}}}"}"""), 2000, 4000);
    }

    [Theory]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"ARGS"}}]}""")]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"custom","custom":{"name":"f","input":"ARGS"}}]}""")]
    [InlineData("""{"role":"assistant","content":null,"function_call":{"name":"f","arguments":"ARGS"}}""")]
    [InlineData("""{"role":"assistant","content":"ok","reasoning_content":"ARGS"}""")]
    [InlineData("""{"role":"assistant","content":null,"refusal":"ARGS"}""")]
    [InlineData("""{"role":"user","content":"hi","name":"ARGS"}""")]
    public void What_a_message_holds_besides_its_content_counts(string message)
    {
        var arguments = new string('x', 200_000);
        Assert.InRange(Tokens($"[{message.Replace("ARGS", arguments)}]"), 50_000, 50_020);
    }

    [Theory]
    [InlineData("""{"role":"assistant","tool_calls":{}}""")]
    [InlineData("""{"role":"assistant","tool_calls":[1,"a",{"function":7},{"function":{"name":8,"arguments":{"a":1}}}],"function_call":[],"name":5,"refusal":{}}""")]
    [InlineData("""{"role":"assistant","tool_calls":[{"function":{"arguments":"\ud83d"}}]}""")]
    public void Misshapen_extras_are_the_upstreams_business(string message) => Assert.InRange(Tokens($"[{message}]"), 1, 100);

    [Theory]
    [InlineData("""{"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","description":"TEXT"}}}]}""")]
    [InlineData("""{"functions":[{"name":"f","parameters":{"type":"object","description":"TEXT"}}]}""")]
    [InlineData("""{"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"description":"TEXT"}}}}""")]
    public void Definitions_count(string root)
    {
        using var document = JsonDocument.Parse(root.Replace("TEXT", new string('x', 4000)));
        Assert.InRange(MessageTokens.Definitions(new JsonObjectReader(document.RootElement, string.Empty)), 1000, 1060);
    }

    private static double User(string part) => Tokens($$"""[{"role":"user","content":[{{part}}]}]""");

    private static double Tokens(string messages)
    {
        using var document = JsonDocument.Parse($$"""{"messages":{{messages}}}""");
        return Conversation.Read(new JsonObjectReader(document.RootElement, string.Empty)).Tokens;
    }

    private static byte[] Png(uint width, uint height)
    {
        byte[] file = [0x89, .. "PNG"u8, 13, 10, 26, 10, 0, 0, 0, 13, .. "IHDR"u8, .. new byte[30]];
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(20), height);
        return file;
    }

    private static byte[] Gif(ushort width, ushort height) => [.. "GIF89a"u8, (byte)width, (byte)(width >> 8), (byte)height, (byte)(height >> 8), .. new byte[20]];

    private static byte[] WebP(int width, int height) =>
        [.. "RIFF"u8, .. new byte[4], .. "WEBPVP8X"u8, .. new byte[8], (byte)(width - 1), (byte)((width - 1) >> 8), 0, (byte)(height - 1), (byte)((height - 1) >> 8), 0, .. new byte[9]];

    private static byte[] Jpeg(ushort width, ushort height, ushort camera) =>
    [
        0xff, 0xd8, 0xff, 0xe1, (byte)(camera >> 8), (byte)camera, .. new byte[camera - 2], 0xff, 0xff, 0xc0, 0, 17, 8, (byte)(height >> 8), (byte)height,
        (byte)(width >> 8), (byte)width, 3, .. new byte[20],
    ];
}
