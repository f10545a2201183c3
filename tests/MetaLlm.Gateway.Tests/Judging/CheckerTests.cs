using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Judging;

namespace MetaLlm.Gateway.Tests.Judging;

public sealed class CheckerTests
{
    private const string Person = """
        {"type":"object","required":["name"],"additionalProperties":false,
         "properties":{"name":{"type":"string","minLength":2,"pattern":"^[A-Z]"},"age":{"type":"integer","minimum":0,"exclusiveMaximum":150},
                       "tags":{"type":"array","items":{"enum":["a","b"]},"maxItems":2,"uniqueItems":true},"next":{"$ref":"#/$defs/node"}},
         "$defs":{"node":{"anyOf":[{"type":"null"},{"type":"object","properties":{"next":{"$ref":"#/$defs/node"}},"required":["next"]}]}}}
        """;

    [Theory]
    [InlineData("""{"name":"Ann"}""", true)]
    [InlineData("```json\n{\"name\":\"Ann\",\"age\":3}\n```", true)]
    [InlineData("""{"name":"Ann","tags":["a","b"]}""", true)]
    [InlineData("""{"name":"Ann","next":{"next":{"next":null}}}""", true)]
    [InlineData("""{"name":"Ann","next":{}}""", false)]
    [InlineData("""{"name":"Ann","tags":["a","a"]}""", false)]
    [InlineData("""{"name":"Ann","tags":["c"]}""", false)]
    [InlineData("""{"name":"Ann","age":3.5}""", false)]
    [InlineData("""{"name":"Ann","age":150}""", false)]
    [InlineData("""{"name":"ann"}""", false)]
    [InlineData("""{"name":"A"}""", false)]
    [InlineData("""{"name":"Ann","more":1}""", false)]
    [InlineData("{}", false)]
    [InlineData("Ann", false)]
    [InlineData("", false)]
    public void A_schema_admits_what_it_says(string answer, bool admits) => Assert.Equal(admits, JsonSchemaChecker.Parse(Person).Admits(answer));

    [Theory]
    [InlineData("""{"type":"object","unevaluatedProperties":false}""", "unevaluatedProperties")]
    [InlineData("""{"$ref":"#/nowhere"}""", "$ref")]
    [InlineData("""{"$ref":"https://example.com/schema"}""", "$ref")]
    [InlineData("""{"properties":{"a":{"pattern":"("}}}""", "pattern")]
    [InlineData("3", "must be an object")]
    public void What_a_schema_says_and_nobody_checks_is_refused(string schema, string names) =>
        Assert.Contains(names, Assert.Throws<InvalidDataException>(() => JsonSchemaChecker.Parse(schema)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(null, "Paris", " paris\n", 1.0)]
    [InlineData(null, "Paris", "It is Paris.", 0.0)]
    [InlineData(null, null, "Paris", null)]
    [InlineData("is (\\w+)", "Paris", "It is Paris.", 1.0)]
    [InlineData("is (\\w+)", "Paris", "Paris!", 0.0)]
    public void An_answer_is_compared_with_its_reference(string? pattern, string? expected, string answer, double? score) =>
        Assert.Equal(score, MatchJudge.Exact(new JudgeSettings { Id = "j", Kind = JudgeKind.Exact, Pattern = pattern }, expected, answer)?.Score);

    [Theory]
    [InlineData("^\\d+$", null, "42", 1.0)]
    [InlineData("^\\d+$", null, "x", 0.0)]
    [InlineData("\\b{expected}\\b", "4.2", "It is 4.2 now", 1.0)]
    [InlineData("\\b{expected}\\b", "4.2", "It is 412 now", 0.0)]
    [InlineData("\\b{expected}\\b", null, "4.2", null)]
    public void A_pattern_looks_for_what_is_expected_word_for_word(string pattern, string? expected, string answer, double? score) =>
        Assert.Equal(score, MatchJudge.Regex(new JudgeSettings { Id = "j", Kind = JudgeKind.Regex, Pattern = pattern }, expected, answer)?.Score);
}
