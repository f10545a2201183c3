using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace MetaLlm.Host.Prices;

/// <summary>List prices of well-known models as they were on a day. They are for comparison: nothing that a call costs comes from here.</summary>
/// <param name="Unit">What the numbers are.</param>
/// <param name="Read">The day; a provider may name another one.</param>
/// <param name="Source">Where they were read; a provider may name another place.</param>
/// <param name="Providers">The providers.</param>
internal sealed partial record PriceTable(string Unit, DateOnly Read, Uri Source, IReadOnlyList<ListedProvider> Providers)
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <summary>The table of this build.</summary>
    public static PriceTable Bundled { get; } = Load();

    /// <summary>Finds a model.</summary>
    /// <param name="host">The host that it is called on.</param>
    /// <param name="model">The provider's name of it; where it is not listed itself, one without Bedrock's profile of a region, without a version and without the day of one counts as the model.</param>
    public ListedModel? Find(string host, string model)
    {
        var models = Providers.FirstOrDefault(provider => provider.Serves(host))?.Models ?? [];
        var anywhere = Profile().Replace(model, "");
        var anyVersion = Version().Replace(anywhere, "");
        string[] names = [model, anywhere, Day().Replace(anywhere, ""), anyVersion, Day().Replace(anyVersion, "")];
        return names.Select(name => models.FirstOrDefault(listed => listed.Model == name)).FirstOrDefault(listed => listed is not null);
    }

    private static PriceTable Load()
    {
        using var stream = typeof(PriceTable).Assembly.GetManifestResourceStream("prices.json")!;
        return JsonSerializer.Deserialize<PriceTable>(stream, Strict)!;
    }

    [GeneratedRegex("^(us|eu|apac|au|jp|in|ca)[.]")]
    private static partial Regex Profile();

    [GeneratedRegex("-v[0-9]+(:[0-9]+)?$")]
    private static partial Regex Version();

    [GeneratedRegex("-(20[0-9]{2}-[0-9]{2}-[0-9]{2}|20[0-9]{6})$")]
    private static partial Regex Day();
}
