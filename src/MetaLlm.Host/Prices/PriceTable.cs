using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace MetaLlm.Host.Prices;

/// <summary>List prices of well-known models as they were on a day. They are for comparison: nothing that a call costs comes from here.</summary>
/// <param name="Unit">What the numbers are.</param>
/// <param name="Read">The day.</param>
/// <param name="Source">Where they were read.</param>
/// <param name="Providers">The providers.</param>
internal sealed partial record PriceTable(string Unit, DateOnly Read, Uri Source, IReadOnlyList<ListedProvider> Providers)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>The table of this build.</summary>
    public static PriceTable Bundled { get; } = Load();

    /// <summary>Finds a model.</summary>
    /// <param name="host">The host that it is called on.</param>
    /// <param name="model">The provider's name of it; a version of a day counts as the model where it is not listed itself.</param>
    public ListedModel? Find(string host, string model)
    {
        var models = Providers.FirstOrDefault(provider => provider.Host == host)?.Models ?? [];
        return models.FirstOrDefault(listed => listed.Model == model) ?? models.FirstOrDefault(listed => listed.Model == Day().Replace(model, ""));
    }

    private static PriceTable Load()
    {
        using var stream = typeof(PriceTable).Assembly.GetManifestResourceStream("prices.json")!;
        return JsonSerializer.Deserialize<PriceTable>(stream, Strict)!;
    }

    [GeneratedRegex("-(20[0-9]{2}-[0-9]{2}-[0-9]{2}|20[0-9]{6})$")]
    private static partial Regex Day();
}
