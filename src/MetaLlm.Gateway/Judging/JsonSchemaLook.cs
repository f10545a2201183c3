using System.Text.Json;
using System.Text.RegularExpressions;

namespace MetaLlm.Gateway.Judging;

/// <summary>One look at a document by a schema that was checked. One caller at a time.</summary>
/// <param name="root">The schema.</param>
internal sealed class JsonSchemaLook(JsonElement root)
{
    private const int MostDepth = 256;

    /// <summary>Schemas that hold each other several times have no end of ways through.</summary>
    private const int MostSteps = 1_000_000;

    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(100);

    private int _steps;

    /// <summary>Whether the schema admits a value.</summary>
    /// <exception cref="InvalidDataException">Telling takes more than a million steps.</exception>
    /// <exception cref="InvalidOperationException">The value holds half a character.</exception>
    /// <exception cref="RegexMatchTimeoutException">A pattern takes too long.</exception>
    public bool Admits(JsonElement value) => Admits(root, value, 0);

    private bool Admits(JsonElement schema, JsonElement value, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return schema.ValueKind == JsonValueKind.True;
        }

        if (++_steps > MostSteps)
        {
            throw new InvalidDataException($"The schema takes more than {MostSteps} steps.");
        }

        // A reference to itself that takes nothing off the value has no end.
        return depth <= MostDepth && schema.EnumerateObject().All(member => Holds(schema, member, value, depth + 1));
    }

    private bool Holds(JsonElement schema, JsonProperty member, JsonElement value, int depth)
    {
        var rule = member.Value;
        return member.Name switch
        {
            "type" => rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray().Any(one => IsOf(one.GetString(), value)) : IsOf(rule.GetString(), value),
            "enum" => rule.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
            "const" => JsonElement.DeepEquals(rule, value),
            "$ref" => Admits(JsonSchemaChecker.Resolve(rule, root)!.Value, value, depth),
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
