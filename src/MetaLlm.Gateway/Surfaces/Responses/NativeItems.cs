using System.Text.Json;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>
/// Items that an upstream of this format has made. Their ids name the decision besides, so that clients can refer to them. Before they go back the ids become the upstream's own again,
/// to which it binds what it has encrypted.
/// </summary>
internal static class NativeItems
{
    /// <summary>The end of such an id.</summary>
    private const string End = "_n";

    /// <summary>The id under which clients know an item.</summary>
    /// <param name="id">The upstream's.</param>
    /// <param name="decisionId">The decision.</param>
    public static string IdOf(string id, string decisionId) => $"{id}_{decisionId}{End}";

    /// <summary>The decision that an id names; null where it is no such id.</summary>
    public static string? DecisionOf(string id) => TrySplit(id, out var at) ? id[(at + 1)..^End.Length] : null;

    /// <summary>The upstream's id of an item; null where it is no such id.</summary>
    public static string? UpstreamIdOf(string id) => TrySplit(id, out var at) ? id[..at] : null;

    /// <summary>Writes an item under another id.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="item">The item.</param>
    /// <param name="name">Makes the new id of the old one; null to leave it out.</param>
    public static void Write(Utf8JsonWriter writer, JsonElement item, Func<string, string?> name)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            writer.Copy(item);
            return;
        }

        writer.WriteStartObject();
        foreach (var member in item.EnumerateObject())
        {
            if (!member.NameEquals("id"u8) || member.Value.ValueKind != JsonValueKind.String)
            {
                writer.Copy(member.Name, member.Value);
            }
            else if (name(member.Value.GetString()!) is { } id)
            {
                writer.WriteString("id", id);
            }
        }

        writer.WriteEndObject();
    }

    private static bool TrySplit(string id, out int at)
    {
        at = id.EndsWith(End, StringComparison.Ordinal) ? id.LastIndexOf('_', id.Length - End.Length - 1) : -1;
        return at > 0 && at + 1 < id.Length - End.Length;
    }
}
