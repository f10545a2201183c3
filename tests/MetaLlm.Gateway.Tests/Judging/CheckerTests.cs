using System.Text.Json;
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
    [InlineData("""{"type":3}""", "'type' is 3")]
    [InlineData("""{"type":["object",3]}""", "'type[1]' is 3")]
    [InlineData("""{"type":"objekt"}""", "'type' is \"objekt\"")]
    [InlineData("""{"type":[]}""", "'type' is []")]
    [InlineData("""{"enum":"a"}""", "'enum' is \"a\"")]
    [InlineData("""{"properties":{"a":{"required":"b"}}}""", "'properties.a.required' is \"b\"")]
    [InlineData("""{"required":["a",1]}""", "'required[1]' is 1")]
    [InlineData("""{"properties":[]}""", "'properties' is []")]
    [InlineData("""{"anyOf":[]}""", "'anyOf' is []")]
    [InlineData("""{"anyOf":[{"not":3}]}""", "'anyOf[0].not' is 3")]
    [InlineData("""{"items":[{}]}""", "'items' is [{}]")]
    [InlineData("""{"minLength":1.5}""", "'minLength' is 1.5")]
    [InlineData("""{"maxItems":-1}""", "'maxItems' is -1")]
    [InlineData("""{"minProperties":3000000000}""", "'minProperties' is 3000000000")]
    [InlineData("""{"minimum":"1"}""", "'minimum' is \"1\"")]
    [InlineData("""{"exclusiveMaximum":true}""", "'exclusiveMaximum' is true")]
    [InlineData("""{"uniqueItems":1}""", "'uniqueItems' is 1")]
    [InlineData("""{"pattern":3}""", "'pattern' is 3")]
    [InlineData("""{"$defs":{"a":3},"title":"t"}""", "'$defs.a' is 3")]
    [InlineData("""{"title":"t","$ref":"#/title"}""", "'$ref' is \"#/title\"")]
    [InlineData("""{"$ref":"#item"}""", "'$ref' is \"#item\"")]
    public void What_a_schema_says_and_nobody_checks_is_refused(string schema, string names) =>
        Assert.Contains(names, Assert.Throws<InvalidDataException>(() => JsonSchemaChecker.Parse(schema)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"type":"string","minLength":1}""", """ "\ud800" """)]
    [InlineData("""{"type":"object","additionalProperties":false}""", """{"\ud800":1}""")]
    public void An_answer_with_half_a_character_is_not_admitted(string schema, string answer) => Assert.False(JsonSchemaChecker.Parse(schema).Admits(answer));

    [Fact]
    public void A_schema_that_says_two_things_is_refused() => Assert.ThrowsAny<JsonException>(() => JsonSchemaChecker.Parse("""{"type":"object","type":"array"}"""));

    [Fact]
    public void A_schema_with_no_end_of_ways_through_it_gives_no_verdict() => Assert.Throws<InvalidDataException>(() => JsonSchemaChecker.Parse(
        """{"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}]}}}""").Admits("1"));

    [Fact]
    public void A_schema_that_refers_to_itself_without_end_is_read_and_admits_nothing() =>
        Assert.False(JsonSchemaChecker.Parse("""{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}}""").Admits("1"));

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
