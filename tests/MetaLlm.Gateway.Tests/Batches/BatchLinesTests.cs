using System.Text;
using MetaLlm.Gateway.Batches;

namespace MetaLlm.Gateway.Tests.Batches;

public sealed class BatchLinesTests
{
    private const string Whole = """{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"messages":[{}],"x":"ü"}}""";

    [Fact]
    public void Marks_blank_lines_and_carriage_returns_are_no_queries()
    {
        var (lines, wrong) = Read("\uFEFF" + Whole + "\r\n\r\n  \n" + Whole.Replace("\"a\"", "\"b\"", StringComparison.Ordinal));
        Assert.Empty(wrong);
        Assert.Equal(["a", "b"], lines.Select(line => line.CustomId));
        Assert.Equal("""{"messages":[{}],"x":"ü"}""", Encoding.UTF8.GetString(lines[0].Body));
    }

    [Fact]
    public void A_query_names_its_model_when_it_is_sent_to_one()
    {
        var line = Read(Whole).Lines[0];
        Assert.Equal("""{"messages":[{}],"x":"ü","model":"small"}""", Encoding.UTF8.GetString(line.For("small")));
        Assert.Same(line.Body, line.For(null));
    }

    [Theory]
    [InlineData("", 0, "has 0 queries; 1 to 3 are legal.")]
    [InlineData("nonsense", 1, "is no JSON: ")]
    [InlineData("[1]", 1, "is no JSON object.")]
    [InlineData("""{"custom_id":"a","method":"GET","url":"/v1/chat/completions","body":{}}""", 1, "'method' is \"GET\"; it must be \"POST\".")]
    [InlineData("""{"custom_id":"a","method":"POST","body":{}}""", 1, "'url' is missing; it must be \"/v1/chat/completions\".")]
    [InlineData("""{"method":"POST","url":"/v1/chat/completions","body":{"messages":[{}]}}""", 1, "'custom_id' is missing; it must be a text of 1 to 512 characters.")]
    [InlineData("""{"custom_id":1,"method":"POST","url":"/v1/chat/completions","body":{"messages":[{}]}}""", 1, "'custom_id' must be a text of 1 to 512 characters.")]
    [InlineData("""{"custom_id":"a","method":"POST","url":"/v1/chat/completions","body":{"messages":[{}],"stream":true}}""", 1, "'stream' is true")]
    [InlineData("""{"custom_id":"a","custom_id":"b"}""", 1, "is no JSON: ")]
    [InlineData(Whole + "\n" + Whole, 2, "'custom_id' is 'a', as of a line before; each must be another.")]
    [InlineData("{}\n{}\n{}\n{}", 0, "has more than 3 queries; 1 to 3 are legal.")]
    public void What_cannot_be_used_is_told_with_its_line(string file, int line, string problem)
    {
        var (at, said) = Read(file).Wrong[^1];
        Assert.Equal(line, at);
        Assert.StartsWith(problem, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":"?"}""", "'url' is an object; it must be \"/v1/chat/completions\".")]
    [InlineData("\"?\"", "'url' is \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…; it must be \"/v1/chat/completions\".")]
    [InlineData("null", "'url' is null; it must be \"/v1/chat/completions\".")]
    public void What_is_said_of_a_line_is_short_whatever_stands_there(string url, string problem)
    {
        var file = Whole.Replace("\"/v1/chat/completions\"", url.Replace("?", new string('x', 1000), StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal((1, problem), Assert.Single(Read(file).Wrong));
    }

    private static (List<BatchLine> Lines, List<(int Line, string Problem)> Wrong) Read(string file)
    {
        var wrong = new List<(int, string)>();
        return (new BatchLines(BatchLines.Chat, needsEnvelope: true, most: 3).Read(Encoding.UTF8.GetBytes(file), (line, problem) => wrong.Add((line, problem))), wrong);
    }
}
