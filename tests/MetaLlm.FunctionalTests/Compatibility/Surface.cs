using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>A format in which clients ask, written and read as its documentation has it.</summary>
internal abstract class Surface
{
    /// <summary>A picture of one point.</summary>
    protected const string Image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    /// <summary>A document.</summary>
    protected const string Document = "JVBERi0xLjEKdHJhaWxlcjw8Pj4KJSVFT0YK";

    private const string City = """{"type":"object","properties":{"city":{"type":"string"}}}""";
    private const string Answer = """{"type":"object","properties":{"answer":{"type":"integer"}},"required":["answer"],"additionalProperties":false}""";

    public abstract string Name { get; }

    public abstract string Path { get; }

    /// <summary>What is asked of it, in the order of the table.</summary>
    public abstract IReadOnlyList<Feature> Features { get; }

    /// <summary>Writes a request.</summary>
    public abstract JsonObject Write(Question question);

    /// <summary>Reads a whole answer.</summary>
    public abstract Heard Read(JsonNode answer);

    /// <summary>Reads a streamed answer.</summary>
    /// <param name="events">The data of each event, but for the mark at the end.</param>
    public abstract Heard ReadStream(IReadOnlyList<JsonNode> events);

    /// <summary>What a tool takes.</summary>
    protected static JsonNode CitySchema => JsonNode.Parse(City)!;

    /// <summary>The form of an answer.</summary>
    protected static JsonNode AnswerSchema => JsonNode.Parse(Answer)!;

    protected static JsonArray List(IEnumerable<JsonNode?> items) => new([.. items]);

    protected static string Texts(IEnumerable<JsonNode?> texts) => string.Concat(texts.Select(text => (string?)text));

    /// <summary>Adds the members of the format's own.</summary>
    protected static JsonObject With(JsonObject request, JsonObject? more)
    {
        foreach (var (name, value) in more ?? [])
        {
            request[name] = value?.DeepClone();
        }

        return request;
    }

    protected static int Number(JsonNode? node) => node is null ? 0 : (int)node;
}
