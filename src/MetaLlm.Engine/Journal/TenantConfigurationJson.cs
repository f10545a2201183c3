using System.Text.Json;
using System.Text.Json.Serialization;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>Configurations as journals keep them: UTF-8 JSON. Equal configurations give equal bytes.</summary>
public static partial class TenantConfigurationJson
{
    /// <summary>Writes a configuration.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <returns>UTF-8 JSON; the policy's options are sorted by name, everything else stands in its own order.</returns>
    public static byte[] Encode(TenantConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var ordered = configuration with
        {
            PolicyOptions = new SortedDictionary<string, double>(
                configuration.PolicyOptions.ToDictionary(option => option.Key, option => option.Value), StringComparer.Ordinal),
        };
        return JsonSerializer.SerializeToUtf8Bytes(ordered, JournalJsonContext.Default.TenantConfiguration);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <param name="json">UTF-8 JSON.</param>
    /// <exception cref="InvalidDataException">The bytes are no configuration.</exception>
    public static TenantConfiguration Decode(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, JournalJsonContext.Default.TenantConfiguration)
                ?? throw new InvalidDataException("A recorded configuration is null.");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException("A recorded configuration is damaged.", error);
        }
    }

    /// <summary>Whether two configurations say the same.</summary>
    /// <param name="first">One.</param>
    /// <param name="second">The other.</param>
    public static bool Same(TenantConfiguration first, TenantConfiguration second) =>
        ReferenceEquals(first, second) || Encode(first).AsSpan().SequenceEqual(Encode(second));

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        UseStringEnumConverter = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(TenantConfiguration))]
    [JsonSerializable(typeof(SortedDictionary<string, double>))]
    private sealed partial class JournalJsonContext : JsonSerializerContext;
}
