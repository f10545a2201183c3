using System.Text.Json;
using System.Text.RegularExpressions;

namespace MetaLlm.Gateway.Judging;

/// <summary>
/// Checks JSON by a schema: the assertions of JSON Schema that schemas of answers use. A schema with others is refused, so that nothing is passed over in silence. Never changes; safe for concurrent use.
/// </summary>
internal sealed class JsonSchemaChecker
{
    private const int MostDepth = 64;
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(100);

    private static readonly HashSet<string> Known =
    [
        "type", "properties", "required", "additionalProperties", "enum", "const", "items", "minItems", "maxItems", "uniqueItems", "minLength", "maxLength", "pattern", "minimum", "maximum",
        "exclusiveMinimum", "exclusiveMaximum", "anyOf", "allOf", "oneOf", "not", "$ref", "$defs", "definitions", "minProperties", "maxProperties",
    ];

    private static readonly HashSet<string> Remarks = ["$schema", "$id", "$comment", "title", "description", "default", "examples", "format", "deprecated", "readOnly", "writeOnly", "strict", "name"];

    private readonly JsonElement _root;

    private JsonSchemaChecker(JsonElement root) => _root = root;

    /// <summary>Reads a schema.</summary>
    /// <param name="schema">JSON.</param>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="InvalidDataException">It has what is not known here.</exception>
    public static JsonSchemaChecker Parse(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        var root = document.RootElement.Clone();
        Refuse(root, root, 0);
        return new JsonSchemaChecker(root);
    }

    /// <summary>Whether a text is JSON that the schema admits. A fence of Markdown around it is passed over.</summary>
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
            return Admits(_root, document.RootElement, 0);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Refuse(JsonElement schema, JsonElement root, int depth)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return;
        }

        if (schema.ValueKind != JsonValueKind.Object || depth > MostDepth)
        {
            throw new InvalidDataException($"A schema is {schema.ValueKind}; it must be an object, true or false, at most {MostDepth} deep.");
        }

        foreach (var member in schema.EnumerateObject())
        {
            if (!Known.Contains(member.Name) && !Remarks.Contains(member.Name))
            {
                throw new InvalidDataException($"'{member.Name}' is not known; known are {string.Join(", ", Known)}.");
            }

            if (member.Name == "$ref" && Resolve(member.Value, root) is null)
            {
                throw new InvalidDataException($"'$ref' is {member.Value.GetRawText()}; it must point into the schema, such as \"#/$defs/item\".");
            }

            if (member.Name == "pattern")
            {
                Check(member.Value);
            }

            foreach (var part in Parts(member))
            {
                Refuse(part, root, depth + 1);
            }
        }
    }

    private static void Check(JsonElement pattern)
    {
        try
        {
            _ = new Regex(pattern.GetString() ?? "", RegexOptions.ECMAScript);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"'pattern' is {pattern.GetRawText()}, which is no regular expression.", e);
        }
    }

    private static IEnumerable<JsonElement> Parts(JsonProperty member) => member.Name switch
    {
        "properties" or "$defs" or "definitions" when member.Value.ValueKind == JsonValueKind.Object => member.Value.EnumerateObject().Select(one => one.Value),
        "anyOf" or "allOf" or "oneOf" when member.Value.ValueKind == JsonValueKind.Array => member.Value.EnumerateArray(),
        "items" or "additionalProperties" or "not" => [member.Value],
        "properties" or "$defs" or "definitions" or "anyOf" or "allOf" or "oneOf" => throw new InvalidDataException($"'{member.Name}' is {member.Value.ValueKind}, which it cannot be."),
        _ => [],
    };

    private static JsonElement? Resolve(JsonElement reference, JsonElement root)
    {
        if (reference.ValueKind != JsonValueKind.String || reference.GetString() is not { } path || !path.StartsWith('#'))
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

    private bool Admits(JsonElement schema, JsonElement value, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return schema.ValueKind == JsonValueKind.True;
        }

        // A reference to itself that takes nothing off the value has no end.
        return depth <= 4 * MostDepth && schema.EnumerateObject().All(member => Holds(schema, member, value, depth + 1));
    }

    private bool Holds(JsonElement schema, JsonProperty member, JsonElement value, int depth)
    {
        var rule = member.Value;
        return member.Name switch
        {
            "type" => rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray().Any(one => IsOf(one.GetString(), value)) : IsOf(rule.GetString(), value),
            "enum" => rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
            "const" => JsonElement.DeepEquals(rule, value),
            "$ref" => Admits(Resolve(rule, _root)!.Value, value, depth),
            "anyOf" => rule.EnumerateArray().Any(one => Admits(one, value, depth)),
            "allOf" => rule.EnumerateArray().All(one => Admits(one, value, depth)),
            "oneOf" => rule.EnumerateArray().Count(one => Admits(one, value, depth)) == 1,
            "not" => !Admits(rule, value, depth),
            "properties" or "required" or "additionalProperties" or "minProperties" or "maxProperties" => value.ValueKind != JsonValueKind.Object || HoldsObject(schema, member, value, depth),
            "items" or "minItems" or "maxItems" or "uniqueItems" => value.ValueKind != JsonValueKind.Array || HoldsArray(member, value, depth),
            "minLength" or "maxLength" or "pattern" => value.ValueKind != JsonValueKind.String || HoldsText(member, value.GetString()!),
            "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum" => value.ValueKind != JsonValueKind.Number || HoldsNumber(member.Name, rule.GetDouble(), value.GetDouble()),
            _ => true,
        };
    }

    private bool HoldsObject(JsonElement schema, JsonProperty member, JsonElement value, int depth) => member.Name switch
    {
        "properties" => member.Value.EnumerateObject().All(one => !value.TryGetProperty(one.Name, out var given) || Admits(one.Value, given, depth)),
        "required" => member.Value.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
        "minProperties" => value.EnumerateObject().Count() >= member.Value.GetInt32(),
        "maxProperties" => value.EnumerateObject().Count() <= member.Value.GetInt32(),
        _ => value.EnumerateObject().All(one =>
            (schema.TryGetProperty("properties", out var known) && known.TryGetProperty(one.Name, out _)) || Admits(member.Value, one.Value, depth)),
    };

    private bool HoldsArray(JsonProperty member, JsonElement value, int depth) => member.Name switch
    {
        "items" => value.EnumerateArray().All(one => Admits(member.Value, one, depth)),
        "minItems" => value.GetArrayLength() >= member.Value.GetInt32(),
        "maxItems" => value.GetArrayLength() <= member.Value.GetInt32(),
        _ => member.Value.ValueKind != JsonValueKind.True || !value.EnumerateArray().Select((one, i) => (one, i)).Any(one => value.EnumerateArray().Take(one.i).Any(other => JsonElement.DeepEquals(one.one, other))),
    };

    private static bool HoldsText(JsonProperty member, string text) => member.Name switch
    {
        "minLength" => Length(text) >= member.Value.GetInt32(),
        "maxLength" => Length(text) <= member.Value.GetInt32(),
        _ => Regex.IsMatch(text, member.Value.GetString()!, RegexOptions.ECMAScript, LongestMatch),
    };

    private static int Length(string text) => text.EnumerateRunes().Count();

    private static bool HoldsNumber(string rule, double bound, double number) => rule switch
    {
        "minimum" => number >= bound,
        "maximum" => number <= bound,
        "exclusiveMinimum" => number > bound,
        _ => number < bound,
    };

    private static bool IsOf(string? type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() is var number && Math.Floor(number) == number,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => false,
    };
}
