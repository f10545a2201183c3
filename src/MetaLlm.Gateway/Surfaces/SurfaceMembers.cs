using System.Collections.Frozen;
using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces;

/// <summary>What becomes of the members of a surface's request: some are translated, some refused, and what neither the surface nor chat has a word for goes on as it is.</summary>
internal sealed class SurfaceMembers
{
    /// <summary>Whose format it is.</summary>
    public required string Owner { get; init; }

    /// <summary>What the format's requests are called.</summary>
    public required string Format { get; init; }

    /// <summary>Members that are written under other names, or stay here.</summary>
    public required FrozenSet<string> Translated { get; init; }

    /// <summary>Members that name what lies at the owner, or change what it does there.</summary>
    public required FrozenSet<string> Refused { get; init; }

    /// <summary>Members of chat that the format has other words for.</summary>
    public required FrozenSet<string> Foreign { get; init; }

    /// <summary>Names of members.</summary>
    public static FrozenSet<string> Names(params ReadOnlySpan<string> names) => FrozenSet.Create(StringComparer.Ordinal, names);

    /// <summary>Writes the members that go on under their own names.</summary>
    /// <exception cref="ApiException">A member is refused.</exception>
    public void CopyRest(JsonElement body, Utf8JsonWriter writer)
    {
        foreach (var member in body.EnumerateObject())
        {
            var name = member.Name;
            if (Translated.Contains(name) || member.Value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            if (Refused.Contains(name))
            {
                throw ApiException.BadField(name, $"asks for what lies at {Owner}; the gateway routes to other models too, and takes requests without it.");
            }

            if (Foreign.Contains(name))
            {
                throw ApiException.BadField(name, $"is a member of chat completions and not of {Format}.");
            }

            writer.Copy(name, member.Value);
        }
    }
}
