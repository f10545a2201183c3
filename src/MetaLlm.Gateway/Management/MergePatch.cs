using System.Text.Json.Nodes;

namespace MetaLlm.Gateway.Management;

/// <summary>
/// Changes a JSON document by another one, as RFC 7396 has it: objects are merged, null removes a member, and everything else replaces what is there.
/// Names that differ by case alone are one name, since settings are read that way.
/// </summary>
internal static class MergePatch
{
    /// <summary>Changes a document in place.</summary>
    /// <param name="document">The document; no two of its names differ by case alone.</param>
    /// <param name="patch">What changes.</param>
    public static void Apply(JsonObject document, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            var place = DocumentNames.Place(document, name);
            if (value is JsonObject change && place >= 0 && document.GetAt(place).Value is JsonObject old)
            {
                Apply(old, change);
                continue;
            }

            if (value is not null)
            {
                Set(document, place, name, value is JsonObject part ? Whole(part) : value.DeepClone());
            }
            else if (place >= 0)
            {
                document.RemoveAt(place);
            }
        }
    }

    private static void Set(JsonObject document, int place, string name, JsonNode value)
    {
        if (place >= 0)
        {
            document.SetAt(place, name, value);
        }
        else
        {
            document[name] = value;
        }
    }

    private static JsonObject Whole(JsonObject part)
    {
        var whole = new JsonObject();
        Apply(whole, part);
        return whole;
    }
}
