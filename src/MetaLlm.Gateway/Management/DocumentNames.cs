using System.Text.Json.Nodes;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Management;

/// <summary>Names of members in tenants' documents. Settings are read without regard to case, and so are names here.</summary>
internal static class DocumentNames
{
    /// <summary>
    /// A copy of a tenant's document whose members have the names that the configuration gives them. Members whose names differ by case alone become the one as which they are read.
    /// </summary>
    /// <param name="document">The document.</param>
    public static JsonObject Settled(JsonObject document) => Settled(document, SettingsShape.Of(typeof(TenantSettings)));

    /// <summary>The place of a member; -1 where there is none.</summary>
    /// <param name="document">The object.</param>
    /// <param name="name">The member's name, in any case.</param>
    public static int Place(JsonObject document, string name) =>
        document.Select(member => member.Key).ToList().FindIndex(known => known.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static JsonObject Settled(JsonObject source, SettingsShape? shape)
    {
        var settled = new JsonObject();
        foreach (var (name, value) in source)
        {
            var member = shape?.Find(name);
            Lay(settled, member?.Name ?? name, Settled(value, member));
        }

        return settled;
    }

    private static JsonNode? Settled(JsonNode? value, SettingsMember? member) => (value, member) switch
    {
        (JsonObject map, { Form: SettingsForm.Map }) => Settled(map, null),
        (JsonArray list, { Form: SettingsForm.List, Kind: SettingsKind.Object }) =>
            new JsonArray([.. list.Select(entry => entry is JsonObject one ? Settled(one, SettingsShape.Of(member.Type)) : entry?.DeepClone())]),
        (JsonObject one, { Kind: SettingsKind.Object, Form: not SettingsForm.List }) => Settled(one, SettingsShape.Of(member.Type)),
        _ => value?.DeepClone(),
    };

    /// <summary>Adds a member as a reader of settings does: over one that is there, member by member and entry by entry.</summary>
    private static void Lay(JsonObject onto, string name, JsonNode? value)
    {
        if (Place(onto, name) is >= 0 and var place)
        {
            var (known, old) = onto.GetAt(place);
            onto.SetAt(place, known, Over(old, value));
        }
        else
        {
            onto.Add(name, value);
        }
    }

    private static JsonNode? Over(JsonNode? old, JsonNode? value)
    {
        switch (old, value)
        {
            case (_, null):
                return old?.DeepClone();
            case (JsonObject one, JsonObject other):
                var members = (JsonObject)one.DeepClone();
                foreach (var (name, member) in other)
                {
                    Lay(members, name, member?.DeepClone());
                }

                return members;
            case (JsonArray one, JsonArray other):
                return new JsonArray([.. Enumerable.Range(0, Math.Max(one.Count, other.Count)).Select(i => Over(i < one.Count ? one[i] : null, i < other.Count ? other[i] : null))]);
            default:
                return value.DeepClone();
        }
    }
}
