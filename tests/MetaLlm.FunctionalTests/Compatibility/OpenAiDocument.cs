using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Json.Schema;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>
/// OpenAI's public description of its API, <c>openapi.json</c> of the repository openai/openai-openapi. It is read from the file that the variable
/// METALLM_OPENAI_OPENAPI names, else from <c>artifacts/openai-openapi.json</c>.
/// </summary>
internal sealed class OpenAiDocument
{
    private readonly JsonNode _document;
    private readonly Dictionary<string, JsonSchema> _schemas = [];

    private OpenAiDocument(JsonNode document) => _document = document;

    public static string File { get; } = Environment.GetEnvironmentVariable("METALLM_OPENAI_OPENAPI") ?? Path.Combine(RepositoryRoot(), "artifacts", "openai-openapi.json");

    public static OpenAiDocument Read() => new(JsonNode.Parse(System.IO.File.ReadAllText(File))!);

    /// <summary>What a whole answer of an endpoint is made by.</summary>
    /// <param name="path">The endpoint below <c>/v1</c>.</param>
    /// <param name="mediaType">Media type of the answer.</param>
    /// <param name="method">The method.</param>
    public string NameOf(string path, string mediaType = "application/json", string method = "post") => Last(_document["paths"]![path]![method]!["responses"]!["200"]!["content"]![mediaType]!["schema"]!);

    /// <summary>The member of a list of events that describes those of a type; null where none does.</summary>
    public string? EventOf(string list, string type) => _document["components"]!["schemas"]![list]!["anyOf"]!.AsArray().Select(one => Last(one!))
        .FirstOrDefault(name => _document["components"]!["schemas"]![name]!["properties"]!["type"]!["enum"]!.AsArray().Any(value => (string)value! == type));

    /// <summary>Everything that is wrong with a value by a schema; empty where nothing is.</summary>
    public IReadOnlyList<string> Errors(string name, JsonNode value)
    {
        var found = Schema(name).Evaluate(value, new EvaluationOptions { OutputFormat = OutputFormat.Hierarchical });
        return [.. Errors(found).Select(error => $"{name}{error}").Distinct()];
    }

    /// <summary>The errors of a schema. Of alternatives none of which holds, those of the one that comes nearest.</summary>
    private static IEnumerable<string> Errors(EvaluationResults results)
    {
        if (results.IsValid)
        {
            return [];
        }

        var own = (results.Errors ?? new Dictionary<string, string>()).Where(error => error.Key is not ("oneOf" or "anyOf")).Select(error => $"{results.InstanceLocation}: {error.Value}");
        var parts = results.Details.ToLookup(part => Alternatives(results, part));
        return own.Concat(parts[null].SelectMany(Errors)).Concat(parts.Where(group => group.Key is not null && !group.Any(part => part.IsValid)).SelectMany(Nearest));
    }

    private static List<string> Nearest(IEnumerable<EvaluationResults> alternatives) => alternatives.Select(part => Errors(part).ToList()).MinBy(errors => errors.Count)!;

    /// <summary>The keyword of which a part is one alternative; null where it must hold.</summary>
    private static string? Alternatives(EvaluationResults whole, EvaluationResults part)
    {
        var path = part.EvaluationPath.ToString()[whole.EvaluationPath.ToString().Length..];
        return path.Split('/') is [_, "anyOf" or "oneOf", _, ..] steps ? steps[1] : null;
    }

    private JsonSchema Schema(string name)
    {
        if (_schemas.TryGetValue(name, out var known))
        {
            return known;
        }

        var definitions = new JsonObject();
        Collect(name, definitions);
        return _schemas[name] = JsonSchema.FromText(new JsonObject { ["$id"] = $"https://openai.example/{name}", ["$ref"] = $"#/$defs/{name}", ["$defs"] = definitions }.ToJsonString());
    }

    /// <summary>Copies a definition and those that it needs.</summary>
    private void Collect(string name, JsonObject definitions)
    {
        if (!definitions.ContainsKey(name))
        {
            definitions[name] = true;
            definitions[name] = Copy(_document["components"]!["schemas"]![name]!, definitions);
        }
    }

    /// <summary>A schema as the validator knows it: <c>nullable</c> is the older word for a second type.</summary>
    private JsonNode? Copy(JsonNode? node, JsonObject definitions)
    {
        switch (node)
        {
            case JsonArray list:
                return new JsonArray([.. list.Select(item => Copy(item, definitions))]);
            case JsonObject schema when schema["$ref"] is JsonValue reference:
                Collect(Last(schema), definitions);
                return new JsonObject { ["$ref"] = $"#/$defs/{((string)reference!).Split('/')[^1]}" };
            case JsonObject schema:
                var copy = new JsonObject();
                foreach (var (name, value) in schema)
                {
                    if (name is not ("nullable" or "discriminator" or "example" or "examples" or "default" or "description" or "$recursiveRef" or "$recursiveAnchor") && !name.StartsWith("x-", StringComparison.Ordinal))
                    {
                        copy[name] = Copy(value, definitions);
                    }
                }

                return schema["nullable"] is JsonValue nullable && nullable.TryGetValue<bool>(out var isNullable) && isNullable
                    ? new JsonObject { ["anyOf"] = new JsonArray(copy, new JsonObject { ["type"] = "null" }) } : copy;
            default:
                return node?.DeepClone();
        }
    }

    private static string Last(JsonNode schema) => ((string)schema["$ref"]!).Split('/')[^1];

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
