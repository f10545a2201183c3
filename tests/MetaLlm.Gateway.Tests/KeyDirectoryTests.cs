using System.Text;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using Microsoft.Extensions.Configuration;

namespace MetaLlm.Gateway.Tests;

public sealed class KeyDirectoryTests
{
    [Fact]
    public void Every_key_of_every_tenant_leads_to_it_and_no_other_key_does()
    {
        var index = new KeyIndex(Read("""{"id":"t","keys":["A","B"]}""", """{"id":"u","keys":["C"]}"""));

        Assert.Equal("t", index.Find("key-of-A")?.Tenant);
        Assert.Equal("t", index.Find("key-of-B")?.Tenant);
        Assert.Equal("u", index.Find("key-of-C")?.Tenant);
        Assert.Null(index.Find("key-of-c"));
        Assert.Null(index.Find("key-of-"));
        Assert.Null(index.Find(string.Empty));
        Assert.Null(index.Find(new string('ü', 10_000)));
    }

    [Fact]
    public void A_reload_brings_new_keys_and_takes_old_ones_and_nothing_is_made_anew_without_one()
    {
        var store = new SettingsStore(Read("""{"id":"t","keys":["A"]}"""));
        var directory = new KeyDirectory(store);
        var first = directory.Current;
        Assert.Same(first, directory.Current);

        store.Replace(Read("""{"id":"t","keys":["B"]}"""));
        Assert.Null(directory.Current.Find("key-of-A"));
        Assert.Equal("t", directory.Current.Find("key-of-B")?.Tenant);
        Assert.Same(directory.Current, directory.Current);
    }

    [Theory]
    [InlineData("")]
    [InlineData("key")]
    [InlineData("schlüssel-€-😀")]
    public void A_hash_is_the_sha_256_of_the_keys_utf_8(string key)
    {
        foreach (var text in new[] { key, string.Concat(Enumerable.Repeat(key, 200)) })
        {
            Assert.Equal(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)), TenantKey.Hash(text));
            Assert.Equal(KeyHash.From(TenantKey.Hash(text)), KeyHash.Of(text));
        }
    }

    private static MetaLlmSettings Read(params string[] tenants)
    {
        var list = string.Join(',', tenants.Select(t => t.Replace("\"keys\"", "\"keyEnvironments\"", StringComparison.Ordinal).Replace(
            "}", ""","arms":[{"id":"a","upstream":"up","inputUsdPerMillion":1,"outputUsdPerMillion":1}]}""", StringComparison.Ordinal)));
        var json = """{"MetaLlm":{"upstreams":{"up":{"baseUrl":"https://api.example.com/v1"}},"tenants":[""" + list + "]}}";
        var configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        return SettingsReader.Read<MetaLlmSettings>(configuration, new SettingsContext { Variable = name => $"key-of-{name}" });
    }
}
