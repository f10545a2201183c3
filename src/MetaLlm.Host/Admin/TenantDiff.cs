using System.Text.Json.Nodes;

namespace MetaLlm.Host.Admin;

/// <summary>How two documents of a tenant differ.</summary>
internal static class TenantDiff
{
    /// <summary>Every member that differs, with what it was and what it is to be.</summary>
    /// <param name="before">What is there.</param>
    /// <param name="after">What is to be there.</param>
    /// <param name="path">Place of both.</param>
    public static IEnumerable<string> Lines(JsonNode? before, JsonNode? after, string path = "")
    {
        if (JsonNode.DeepEquals(before, after))
        {
            yield break;
        }

        var names = (before, after) switch
        {
            (JsonObject old, JsonObject changed) => old.Select(member => member.Key).Union(changed.Select(member => member.Key)).ToList(),
            (JsonArray old, JsonArray changed) => Enumerable.Range(0, Math.Max(old.Count, changed.Count)).Select(i => $"[{i}]").ToList(),
            _ => null,
        };
        if (names is null)
        {
            yield return $"{path}: {Text(before)} -> {Text(after)}";
            yield break;
        }

        foreach (var (i, name) in names.Index())
        {
            var (old, changed) = before is JsonArray ? (At(before, i), At(after, i)) : (before![name], after![name]);
            foreach (var line in Lines(old, changed, before is JsonArray ? path + name : path.Length == 0 ? name : $"{path}.{name}"))
            {
                yield return line;
            }
        }
    }

    private static JsonNode? At(JsonNode? list, int i) => list is JsonArray entries && i < entries.Count ? entries[i] : null;

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "nothing";
}
