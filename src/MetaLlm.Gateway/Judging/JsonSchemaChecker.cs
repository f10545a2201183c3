using System.Text.Json;
using System.Text.RegularExpressions;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Judging;

/// <summary>
/// Checks JSON by a schema: the assertions of JSON Schema that schemas of answers use. A schema with others is refused, so that nothing is passed over in silence. Never changes; safe for concurrent use.
/// </summary>
internal sealed class JsonSchemaChecker
{
    private const int LongestValue = 100;

    private static readonly HashSet<string> Known =
    [
        "type", "properties", "required", "additionalProperties", "enum", "const", "items", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "pattern", "minimum", "maximum",
        "exclusiveMinimum", "exclusiveMaximum", "anyOf", "allOf", "oneOf", "not", "$ref", "$defs", "definitions", "minProperties", "maxProperties",
    ];

    private static readonly HashSet<string> Remarks = ["$schema", "$id", "$comment", "title", "description", "default", "examples", "format", "deprecated", "readOnly", "writeOnly", "strict", "name"];

    private static readonly string[] Types = ["object", "array", "string", "number", "integer", "boolean", "null"];

    private readonly JsonElement _root;

    private JsonSchemaChecker(JsonElement root) => _root = root;

    /// <summary>Reads a schema.</summary>
    /// <param name="schema">JSON.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="InvalidDataException">It has what is not known here, or a keyword whose value cannot be; the message names its place.</exception>
    public static JsonSchemaChecker Parse(string schema)
    {
        using var document = JsonDocument.Parse(schema, StrictJson.Options);
        var root = document.RootElement.Clone();
        try
        {
            RefuseAll(root);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidDataException("It holds half a character, which is no text.", e);
        }

        return new JsonSchemaChecker(root);
    }

    /// <summary>Whether a text is JSON that the schema admits. A fence of Markdown around it is passed over.</summary>
    /// <exception cref="InvalidDataException">Telling takes more steps than are taken.</exception>
    /// <exception cref="RegexMatchTimeoutException">A pattern takes too long.</exception>
    public bool Admits(string text)
    {
        var json = text.AsSpan().Trim();
        if (json.StartsWith("```") && json.EndsWith("```") && json.IndexOf('\n') is var line and > 0 && json.Length > line + 3)
        {
            json = json[(line + 1)..^3];
        }

        try
        {
            using var document = JsonDocument.Parse(json.ToString());
            return new JsonSchemaLook(_root).Admits(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second is a text with half a character in it.
            return false;
        }
    }

    /// <summary>What a reference points to within a schema; null for nothing.</summary>
    public static JsonElement? Resolve(JsonElement reference, JsonElement root)
    {
        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not { } path || !(path == "#" || path.StartsWith("#/", StringComparison.Ordinal)))
        {
            return null;
        }

        var at = root;
        foreach (var step in path.Split('/').Skip(1))
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal), out at))
            {
                return null;
            }
        }

        return at;
    }

    private static void RefuseAll(JsonElement root)
    {
        // References may point to what no keyword holds as a schema; each is looked at once.
        var (waiting, referred) = (new Stack<(JsonElement Schema, string Path)>([(root, "")]), new HashSet<string>(StringComparer.Ordinal) { "#" });
        while (waiting.TryPop(out var next))
        {
            if (next.Schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
            {
                continue;
            }

            Require(next.Schema.ValueKind == JsonValueKind.Object, next.Schema, next.Path, "must be an object, true or false");
            foreach (var member in next.Schema.EnumerateObject())
            {
                var path = next.Path.Length == 0 ? member.Name : $"{next.Path}.{member.Name}";
                if (!Known.Contains(member.Name) && !Remarks.Contains(member.Name))
                {
                    throw new InvalidDataException($"'{path}' is not known; known are {string.Join(", ", Known)}.");
                }

                foreach (var part in Parts(member, path))
                {
                    waiting.Push(part);
                }

                if (member.Name == "$ref")
                {
                    var target = Resolve(member.Value, root);
                    Require(target?.ValueKind is JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False, member.Value, path, "must point to a schema in the schema, such as \"#/$defs/item\"");
                    if (referred.Add(member.Value.GetString()!))
                    {
                        waiting.Push((target!.Value, path));
                    }
                }
            }
        }
    }

    /// <summary>The schemas that a keyword holds. Of one that holds none the value is checked.</summary>
    private static IEnumerable<(JsonElement Schema, string Path)> Parts(JsonProperty member, string path)
    {
        var value = member.Value;
        switch (member.Name)
        {
            case "properties" or "$defs" or "definitions":
                Require(value.ValueKind == JsonValueKind.Object, value, path, "must be an object of schemas");
                return value.EnumerateObject().Select(one => (one.Value, $"{path}.{one.Name}"));
            case "anyOf" or "allOf" or "oneOf":
                return Entries(value, path, "must be a list of schemas, at least one", fewest: 1);
            case "items" or "additionalProperties" or "not":
                return [(value, path)];
            case "type" when value.ValueKind == JsonValueKind.Array:
                RequireType(Entries(value, path, $"must be one of {string.Join(", ", Types)}, or a list of them", fewest: 1));
                break;
            case "type":
                RequireType([(value, path)]);
                break;
            case "enum":
                Entries(value, path, "must be a list", fewest: 0);
                break;
            case "required":
                foreach (var (name, place) in Entries(value, path, "must be a list of names", fewest: 0))
                {
                    Require(name.ValueKind == JsonValueKind.String, name, place, "must be a name");
                }

                break;
            case "minItems" or "maxItems" or "minLength" or "maxLength" or "minProperties" or "maxProperties":
                Require(value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var count) && count >= 0, value, path, $"must be a whole number from 0 to {int.MaxValue}");
                break;
            case "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum":
                Require(value.ValueKind == JsonValueKind.Number, value, path, "must be a number");
                break;
            case "uniqueItems":
                Require(value.ValueKind is JsonValueKind.True or JsonValueKind.False, value, path, "must be true or false");
                break;
            case "pattern":
                Require(value.ValueKind == JsonValueKind.String && IsPattern(value.GetString()!), value, path, "must be a regular expression");
                break;
            default:
                break;
        }

        return [];
    }

    private static (JsonElement Value, string Path)[] Entries(JsonElement value, string path, string rule, int fewest)
    {
        Require(value.ValueKind == JsonValueKind.Array && value.GetArrayLength() >= fewest, value, path, rule);
        return [.. value.EnumerateArray().Select((entry, i) => (entry, $"{path}[{i}]"))];
    }

    private static void RequireType(IEnumerable<(JsonElement Value, string Path)> types)
    {
        foreach (var (type, path) in types)
        {
            Require(type.ValueKind == JsonValueKind.String && Types.Contains(type.GetString()), type, path, $"must be one of {string.Join(", ", Types)}");
        }
    }

    private static bool IsPattern(string pattern)
    {
        try
        {
            _ = new Regex(pattern, RegexOptions.ECMAScript);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void Require(bool isLegal, JsonElement value, string path, string rule)
    {
        if (!isLegal)
        {
            var text = value.GetRawText();
            throw new InvalidDataException($"{(path.Length == 0 ? "The schema" : $"'{path}'")} is {(text.Length <= LongestValue ? text : text[..LongestValue] + "…")}; it {rule}.");
        }
    }
}
