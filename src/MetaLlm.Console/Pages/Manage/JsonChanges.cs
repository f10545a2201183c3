using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>What differs between two documents, place by place.</summary>
internal static class JsonChanges
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compares.</summary>
    /// <param name="before">The document before; null for none.</param>
    /// <param name="after">The document after; null for none.</param>
    /// <returns>Every place whose value differs, with both values; null for a place that is not there.</returns>
    public static IReadOnlyList<(string Path, string? Before, string? After)> Of(string? before, string? after)
    {
        var (old, changed) = (Leaves(before), Leaves(after));
        return [.. old.Keys.Union(changed.Keys)
            .Select(path => (path, old.GetValueOrDefault(path), changed.GetValueOrDefault(path)))
            .Where(one => one.Item2 != one.Item3)];
    }

    private static Dictionary<string, string?> Leaves(string? json)
    {
        var leaves = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (json is not null)
        {
            Add(leaves, "", JsonNode.Parse(json));
        }

        return leaves;
    }

    private static void Add(Dictionary<string, string?> leaves, string path, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } parent:
                foreach (var (name, value) in parent)
                {
                    Add(leaves, path.Length == 0 ? name : $"{path}.{name}", value);
                }

                break;
            case JsonArray { Count: > 0 } list:
                for (var i = 0; i < list.Count; i++)
                {
                    // An entry with an id is known by it, wherever it stands.
                    Add(leaves, $"{path}[{(list[i] is JsonObject entry && entry["id"] is JsonValue id ? id.ToString() : i)}]", list[i]);
                }

                break;
            default:
                leaves[path] = node?.ToJsonString(Relaxed) ?? "null";
                break;
        }
    }
}
