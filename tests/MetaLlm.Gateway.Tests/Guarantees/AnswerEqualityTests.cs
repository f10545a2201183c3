using System.Text;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Guarantees;

namespace MetaLlm.Gateway.Tests.Guarantees;

public sealed class AnswerEqualityTests
{
    [Theory]
    [InlineData("It is  Rome.", "it is rome.", false)]
    [InlineData("It is Rome.", "It is Paris.", true)]
    [InlineData("I think so. Answer: 7", "Answer: 7", false)]
    [InlineData("Answer: 7", "Answer: 8", true)]
    [InlineData("Answer: 7", "No idea.", true)]
    public void Texts_differ_by_the_part_that_counts(string one, string other, bool differs) =>
        Assert.Equal(differs, AnswerEquality.Differ(Checked(new EqualitySettings { Pattern = "Answer: (.+)" }), Said(one), Said(other)));

    [Fact]
    public void An_answer_in_which_the_group_has_no_part_is_compared_as_a_whole()
    {
        var equality = Checked(new EqualitySettings { Pattern = "Answer: (\\d+)?" });

        Assert.True(AnswerEquality.Differ(equality, Said("Answer: yes"), Said("Answer: no")));
        Assert.False(AnswerEquality.Differ(equality, Said("Answer: yes"), Said("answer:  yes")));
        Assert.True(AnswerEquality.Differ(Checked(new EqualitySettings { Pattern = @"Answer: (?<5>\d+)" }), Said("Answer: 1"), Said("Answer: 2")));
        Assert.False(AnswerEquality.Differ(Checked(new EqualitySettings { Pattern = @"Answer: (?<5>\d+)" }), Said("Answer: 1"), Said("So: Answer: 1")));
    }

    [Theory]
    [InlineData("""{"a":1,"b":[1,2]}""", """{ "b": [1, 2], "a": 1.0 }""", false)]
    [InlineData("""{"a":1}""", "```json\n{\"a\":1}\n```", false)]
    [InlineData("""{"a":1}""", """{"a":2}""", true)]
    [InlineData("""{"a":1}""", """{"a":"1"}""", true)]
    [InlineData("not so", "Not  so", false)]
    [InlineData("{}", "no", true)]
    public void Json_differs_by_what_it_says(string one, string other, bool differs) =>
        Assert.Equal(differs, AnswerEquality.Differ(Checked(new EqualitySettings { Kind = EqualityKind.Json }), Said(one), Said(other)));

    [Fact]
    public void What_a_schema_admits_differs_from_what_it_does_not()
    {
        var equality = Checked(new EqualitySettings { Kind = EqualityKind.Json, Schema = """{"type":"object","required":["a"]}""" });
        Assert.True(AnswerEquality.Differ(equality, Said("""{"a":1}"""), Said("{}")));
        Assert.False(AnswerEquality.Differ(equality, Said("""{"a":1}"""), Said("""{"a":1}""")));
    }

    [Fact]
    public void Calls_of_tools_are_compared_whatever_is_said_beside_and_a_model_is_asked_about_words_alone()
    {
        var equality = Checked(new EqualitySettings { Kind = EqualityKind.Model, Model = "judge" });
        var call = new AnswerWords("Let me see.", [("weather", """{"city":"Rome","days":2}""")]);
        Assert.False(AnswerEquality.Differ(equality, call, new AnswerWords("", [("weather", """{"days":2,"city":"Rome"}""")])));
        Assert.True(AnswerEquality.Differ(equality, call, new AnswerWords("", [("weather", """{"days":3,"city":"Rome"}""")])));
        Assert.True(AnswerEquality.Differ(equality, call, new AnswerWords("", [("climate", """{"days":2,"city":"Rome"}""")])));
        Assert.True(AnswerEquality.Differ(equality, call, Said("Let me see.")));
        Assert.Null(AnswerEquality.Differ(equality, Said("Rome"), Said("It is Rome")));
        Assert.False(AnswerEquality.Differ(equality, Said("Rome"), Said("Rome")));
    }

    [Fact]
    public void A_stream_says_what_its_pieces_say_together()
    {
        const string Events = "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"Ro\"}}]}\n\n"
            + "data: {\"choices\":[{\"delta\":{\"content\":\"me\",\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\"\"}}]}}]}\n\n"
            + "data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\":1}\"}}]}}]}\n\ndata: {\"choices\":[],\"usage\":{}}\n\ndata: [DONE]\n\n";
        var words = AnswerWords.Read(Encoding.UTF8.GetBytes(Events), isStream: true)!;
        Assert.Equal(("Rome", ("weather", "{\"city\":1}")), (words.Text, words.Calls.Single()));
        var whole = AnswerWords.Read("""{"choices":[{"message":{"content":[{"type":"text","text":"Rome"}],"tool_calls":[{"function":{"name":"weather","arguments":"{\"city\":1}"}}]}}]}"""u8.ToArray(), isStream: false)!;
        Assert.Equal((words.Text, words.Calls.Single()), (whole.Text, whole.Calls.Single()));
        Assert.Null(AnswerWords.Read("no JSON"u8.ToArray(), isStream: false));
        Assert.Null(AnswerWords.Read("""{"error":{"message":"no"}}"""u8.ToArray(), isStream: false));
        Assert.Null(AnswerWords.Read("""{"choices":[{"message":{"content":"Rome","content":"Paris"}}]}"""u8.ToArray(), isStream: false));
    }

    [Fact]
    public void Another_equality_has_another_name_and_bad_ones_are_refused_by_member()
    {
        Assert.Equal(("exact", "json"), (new EqualitySettings().Name, new EqualitySettings { Kind = EqualityKind.Json }.Name));
        string[] names = [new EqualitySettings().Name, new EqualitySettings { Pattern = "(a)" }.Name, new EqualitySettings { Pattern = "(b)" }.Name, new EqualitySettings { Kind = EqualityKind.Model, Model = "a" }.Name, new EqualitySettings { Kind = EqualityKind.Model, Model = "a", Threshold = 0.7 }.Name];
        Assert.Equal(names.Length, names.Distinct().Count());
        Assert.Equal(["$.schema"], Errors(new EqualitySettings { Schema = "{}" }));
        Assert.Equal(["$.model"], Errors(new EqualitySettings { Kind = EqualityKind.Model }));
        Assert.Equal(["$.model"], Errors(new EqualitySettings { Kind = EqualityKind.Model, Model = "gone" }));
        Assert.Equal(["$.threshold", "$.maxOutputTokens"], Errors(new EqualitySettings { Threshold = 0.5, MaxOutputTokens = 256 }));
        Assert.Equal(new EqualitySettings { Kind = EqualityKind.Model, Model = "a" }.Name, new EqualitySettings { Kind = EqualityKind.Model, Model = "a", Threshold = 0.5 }.Name);
        Assert.Equal(["$.pattern"], Errors(new EqualitySettings { Pattern = "no group" }));
        Assert.Equal(["$.schema"], Errors(new EqualitySettings { Kind = EqualityKind.Json, Schema = "no JSON" }));
    }

    private static AnswerWords Said(string text) => new(text, []);

    private static EqualitySettings Checked(EqualitySettings equality)
    {
        Assert.Empty(Errors(equality));
        return equality;
    }

    private static List<string> Errors(EqualitySettings equality)
    {
        var found = new List<SettingsError>();
        equality.Check(["judge"], new SettingsErrors("$", found));
        return [.. found.Select(error => error.Path)];
    }
}
