using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace MetaLlm.Gateway.Tests.Configuration;

/// <summary>An editor that knows the schema says what the reader would say.</summary>
public sealed class SchemaTests
{
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
    private static readonly JsonSchema Schema = JsonSchema.FromText(SchemaWriter.Write());

    public static TheoryData<string> Shipped { get; } =
    [
        .. new[] { "config", "deploy" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, folder), "*.json", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(AppContext.BaseDirectory, file))
            .Where(file => !file.Contains(".schema.", StringComparison.Ordinal)).Order(),
    ];

    [Fact]
    public void The_schema_is_itself_sound() => Assert.Empty(Errors(MetaSchemas.Draft202012, SchemaWriter.Write()));

    [Theory]
    [MemberData(nameof(Shipped))]
    public void A_shipped_configuration_is_sound_and_names_the_schema(string file)
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, file));
        Assert.Empty(Errors(Schema, text));
        Assert.EndsWith("metallm.schema.json", (string?)JsonNode.Parse(text, documentOptions: WithComments)!["$schema"], StringComparison.Ordinal);
    }

    [Fact]
    public void All_topologies_are_among_the_shipped_configurations() => Assert.True(Shipped.Count >= 8, string.Join(", ", Shipped));

    [Theory]
    [MemberData(nameof(Mistakes.OfOneMember), MemberType = typeof(Mistakes))]
    public void What_the_reader_refuses_in_one_member_the_schema_refuses_at_the_same_place(string old, string changed, string path, string says)
    {
        Assert.NotEmpty(says);
        var places = Errors(Schema, Mistakes.Make(old, changed));
        var place = "/" + path.Replace('.', '/').Replace("[", "/", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal);

        // What is missing or not known is told at the object that it is missing from or found in.
        Assert.Contains(places, p => p == place || place.StartsWith(p + "/", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Mistakes.OfSeveralMembers), MemberType = typeof(Mistakes))]
    public void What_members_say_together_is_left_to_the_reader(string old, string changed, string path, string says)
    {
        Assert.NotEmpty(path + says);
        Assert.Empty(Errors(Schema, Mistakes.Make(old, changed)));
    }

    private static List<string> Errors(JsonSchema schema, string json)
    {
        var results = schema.Evaluate(JsonNode.Parse(json, documentOptions: WithComments), new EvaluationOptions { OutputFormat = OutputFormat.List });

        // A condition that does not hold is no error.
        return results.IsValid
            ? []
            : [.. results.Details.Where(d => d.HasErrors && !d.EvaluationPath.ToString().Contains("/if", StringComparison.Ordinal)).Select(d => d.InstanceLocation.ToString())];
    }
}
