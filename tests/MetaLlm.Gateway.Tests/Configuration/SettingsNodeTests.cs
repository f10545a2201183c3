using System.Globalization;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace MetaLlm.Gateway.Tests.Configuration;

/// <summary>A configuration is read in one pass, whoever holds it.</summary>
public sealed class SettingsNodeTests
{
    [Fact]
    public void Reading_asks_for_no_section_however_many_tenants_there_are()
    {
        using var configuration = new CountingRoot(new ConfigurationBuilder().AddInMemoryCollection(Tenants(300)).Build());

        Assert.Equal(300, SettingsReader.Read<MetaLlmSettings>(configuration, new SettingsContext()).Tenants.Count);

        // Each of them would look at every key that there is.
        Assert.Equal(0, configuration.Lookups);
    }

    [Fact]
    public void A_provider_that_answers_by_itself_is_asked()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(Tenants(2)).Add(new OwnAnswers()).Build();

        var settings = SettingsReader.Read<MetaLlmSettings>(configuration, new SettingsContext());

        Assert.Equal("other", Assert.Single(settings.Tenants["t0"].Targets).Value.Model);
    }

    [Fact]
    public void Later_sources_overrule_earlier_ones_in_any_case_of_letters()
    {
        var inner = new ConfigurationBuilder().AddInMemoryCollection(Tenants(1)).Build();
        var configuration = new ConfigurationManager();
        configuration.AddConfiguration(inner);
        configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["metallm:LIMITS:feedbackitems"] = "7", ["metallm:tenants:0:seed"] = "9" });

        var settings = SettingsReader.Read<MetaLlmSettings>(configuration, new SettingsContext());

        Assert.Equal(7, settings.Limits.FeedbackItems);
        Assert.Equal(9, settings.Tenants["t0"].Seed);
    }

    [Fact]
    public void Entries_keep_their_order_past_the_tenth()
    {
        var list = SettingsNode.Read(new ConfigurationBuilder().AddInMemoryCollection(Tenants(12)).Build(), "MetaLlm").Find("tenants")!;
        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"t{i}"), list.Children.Select(c => c.Find("id")!.Value));
    }

    private static Dictionary<string, string?> Tenants(int count)
    {
        var keys = new Dictionary<string, string?> { ["MetaLlm:upstreams:up:baseUrl"] = "https://api.example.com/v1" };
        for (var i = 0; i < count; i++)
        {
            var tenant = string.Create(CultureInfo.InvariantCulture, $"MetaLlm:tenants:{i}:");
            keys[tenant + "id"] = string.Create(CultureInfo.InvariantCulture, $"t{i}");
            keys[tenant + "arms:0:id"] = "a";
            keys[tenant + "arms:0:upstream"] = "up";
        }

        return keys;
    }

    private sealed class CountingRoot(IConfigurationRoot inner) : IConfigurationRoot, IDisposable
    {
        public int Lookups { get; private set; }

        public IEnumerable<IConfigurationProvider> Providers => inner.Providers;

        public string? this[string key]
        {
            get => Count(inner[key]);
            set => inner[key] = value;
        }

        public IEnumerable<IConfigurationSection> GetChildren() => Count(inner.GetChildren());

        public IConfigurationSection GetSection(string key) => Count(inner.GetSection(key));

        public IChangeToken GetReloadToken() => inner.GetReloadToken();

        public void Reload() => inner.Reload();

        public void Dispose() => (inner as IDisposable)?.Dispose();

        private T Count<T>(T answer)
        {
            Lookups++;
            return answer;
        }
    }

    private sealed class OwnAnswers : ConfigurationProvider, IConfigurationSource
    {
        private const string Key = "MetaLlm:tenants:0:arms:0:model";

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public override bool TryGet(string key, out string? value)
        {
            value = "other";
            return key.Equals(Key, StringComparison.OrdinalIgnoreCase);
        }

        public override IEnumerable<string> GetChildKeys(IEnumerable<string> earlierKeys, string? parentPath) =>
            parentPath is not null && Key.StartsWith(parentPath + ":", StringComparison.OrdinalIgnoreCase)
                ? earlierKeys.Append(Key[(parentPath.Length + 1)..].Split(':')[0])
                : earlierKeys;
    }
}
