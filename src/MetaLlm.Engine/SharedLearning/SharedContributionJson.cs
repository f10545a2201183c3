using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Engine.SharedLearning;

/// <summary>Contributions as stores keep them.</summary>
internal static partial class SharedContributionJson
{
    public static string Encode(SharedContribution contribution) => JsonSerializer.Serialize(contribution, ContributionContext.Default.SharedContribution);

    /// <exception cref="InvalidDataException">The text is no contribution.</exception>
    public static SharedContribution Decode(StoredContribution stored)
    {
        try
        {
            return JsonSerializer.Deserialize(stored.Document, ContributionContext.Default.SharedContribution)
                ?? throw new InvalidDataException($"What tenant '{stored.Tenant}' gave is null.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"What tenant '{stored.Tenant}' gave is damaged.", error);
        }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(SharedContribution))]
    private sealed partial class ContributionContext : JsonSerializerContext;
}
