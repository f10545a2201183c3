using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.Simulator.Http;

/// <summary>A function the request insists on.</summary>
internal sealed record RequiredTool(string Name, JsonElement? Parameters)
{
    /// <summary>Arguments that fit the declared parameters: the question for strings, plain values otherwise.</summary>
    public string ArgumentsFor(string question)
    {
        var arguments = new JsonObject();
        if (Parameters is { ValueKind: JsonValueKind.Object } schema && schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
            {
                arguments[property.Name] = ValueFor(property.Value, question);
            }
        }

        return arguments.ToJsonString();
    }

    private static JsonNode? ValueFor(JsonElement schema, string question)
    {
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (schema.TryGetProperty("enum", out var legal) && legal.ValueKind == JsonValueKind.Array && legal.GetArrayLength() > 0)
        {
            return JsonNode.Parse(legal[0].GetRawText());
        }

        return (schema.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null) switch
        {
            "integer" or "number" => 1,
            "boolean" => true,
            "array" => new JsonArray(),
            "object" => new JsonObject(),
            _ => question,
        };
    }
}
