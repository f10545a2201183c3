using System.Diagnostics;
using System.Text;
using System.Text.Json;
using MetaLlm.Engine.Routing;
using MetaLlm.TestKit;

namespace MetaLlm.Gateway.Tests;

public sealed class TokenEstimateTests
{
    /// <summary>Texts with what tokenizers of two generations of large models make of them; the estimate lies between or near.</summary>
    public static TheoryData<string, double, double> Texts => new()
    {
        { "The quick brown fox jumps over the lazy dog, and then it goes home to sleep until the morning.", 18, 26 },
        { "机器学习正在改变我们理解世界的方式，也改变了我们工作的方式。", 18, 36 },
        { "機械学習は、私たちが世界を理解する方法を変えています。", 18, 32 },
        { "기계 학습은 우리가 세상을 이해하는 방식을 바꾸고 있습니다.", 14, 36 },
        { "การเรียนรู้ของเครื่องกำลังเปลี่ยนวิธีที่เราเข้าใจโลก", 20, 52 },
        { "मशीन लर्निंग दुनिया को समझने का हमारा तरीका बदल रही है।", 16, 50 },
        { "يغير التعلم الآلي الطريقة التي نفهم بها العالم من حولنا.", 14, 44 },
        { "Машинное обучение меняет то, как мы понимаем окружающий мир.", 13, 30 },
        { "🙂🎉🚀👍", 4, 12 },
        { "for (var i = 0; i < count; i++) { total += items[i].Price * items[i].Quantity; }", 24, 36 },
        { "3.14159265358979", 6, 9 },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public void A_text_counts_by_its_script(string text, double least, double most)
    {
        Assert.InRange(TokenEstimate.FromText(text), least, most);
        Assert.Equal(TokenEstimate.FromText(text) + 1, TokenEstimate.FromJson(Encoding.UTF8.GetBytes($"\"{text}\"")), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Escaped_characters_count_as_what_they_stand_for(string text, double least, double most)
    {
        Assert.True(least <= most);
        var escaped = JsonSerializer.SerializeToUtf8Bytes(text);
        Assert.Equal(TokenEstimate.FromText(text) + 1, TokenEstimate.FromJson(escaped), 0.01 * escaped.Length);
    }

    [Fact]
    public void White_space_between_values_is_nothing()
    {
        Assert.Equal(TokenEstimate.FromJson("""{"a":[1,2,"b c"]}"""u8), TokenEstimate.FromJson("{ \"a\" :\n\t[ 1,\r\n 2 , \"b c\" ] }"u8));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_counted_without_harm()
    {
        var bytes = new byte[4096];
        var random = new Random(7);
        for (var round = 0; round < 200; round++)
        {
            random.NextBytes(bytes);
            var length = random.Next(bytes.Length);
            Assert.InRange(TokenEstimate.FromJson(bytes.AsSpan(0, length)), 0, 2 * length);
        }
    }

    [Fact]
    public void A_long_prompt_takes_milliseconds_and_no_memory()
    {
        var text = string.Concat(Enumerable.Repeat("Wörter, 数字 and emoji 🙂. ", 50_000));
        TokenEstimate.FromText(text);
        Assert.Equal(0, Allocations.Least(() => TokenEstimate.FromText(text)));
        var start = Stopwatch.GetTimestamp();
        var tokens = TokenEstimate.FromText(text);
        var taken = Stopwatch.GetElapsedTime(start);

        Assert.InRange(tokens, text.Length / 4.0, text.Length);
        Assert.InRange(taken.TotalMilliseconds, 0, 100);
    }
}
