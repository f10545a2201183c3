using System.Text;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Host;
using MetaLlm.TestKit;
using Microsoft.Extensions.Configuration;

namespace MetaLlm.Gateway.Tests.Configuration;

public sealed class SecretFilesTests : IDisposable
{
    private const string UpstreamKey = "\"apiKeyEnvironment\":\"UP_KEY\"";
    private const string TenantKeys = "\"keyEnvironments\":[\"T_KEY\"]";
    private const string Root = "\"upstreams\":{";
    private readonly TemporaryDirectory _directory = new();
    private readonly SecretFiles _files = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Every_secret_may_come_from_a_file()
    {
        var json = Mistakes.Make(UpstreamKey, Member("apiKeyFile", Write("upstream", " sk-upstream\n")))
            .Replace(TenantKeys, $"\"keyFiles\":[\"{Write("tenant", "sk-new\r\n\nsk-old\n")}\"]", StringComparison.Ordinal)
            .Replace(Root, $$"""
                "admin":{{{Member("keyFile", Write("admin", "sk-admin"))}}},"metrics":{{{Member("keyFile", Write("metrics", "sk-metrics"))}}},
                "storage":{"kind":"postgres",{{Member("connectionFile", Write("database", "Host=db;Password=sk-database\n"))}}},{{Root}}
                """, StringComparison.Ordinal);

        var settings = Read(json);
        Assert.Equal("sk-upstream", settings.Upstreams["up"].Endpoint.ApiKey);
        Assert.Equal(2, settings.Tenants["t"].KeyHashes.Count);
        Assert.NotNull(settings.AdminKeyHash);
        Assert.NotNull(settings.MetricsKeyHash);
        Assert.Equal("Host=db;Password=sk-database", settings.Storage.Postgres.ConnectionString);
        Assert.Equal($"PostgreSQL, by file {_directory.File("database")}", settings.Storage.ToString());
    }

    public static TheoryData<byte[]?, string> UnusableFiles { get; } = new()
    {
        { null, "does not exist" },
        { " \n\n"u8.ToArray(), "is empty" },
        { "sk-secret\nsk-secret-two\n"u8.ToArray(), "has 2 lines; one is needed" },
        { "sk-secret\0"u8.ToArray(), "holds control characters" },
        { [.. "sk-secret"u8, 0xFF], "is no text in UTF-8" },
        { Encoding.UTF8.GetBytes("sk-secret" + new string('x', 70_000)), "has more than 65536 bytes" },
    };

    [Theory]
    [MemberData(nameof(UnusableFiles))]
    public void A_file_that_cannot_be_used_is_named_with_the_member_and_never_with_what_it_holds(byte[]? content, string says)
    {
        var path = _directory.File("key");
        if (content is not null)
        {
            File.WriteAllBytes(path, content);
        }

        var failure = Assert.Throws<SettingsException>(() => Read(Mistakes.Make(UpstreamKey, Member("apiKeyFile", path))));
        var error = Assert.Single(failure.Errors);
        Assert.Equal("MetaLlm.upstreams.up.apiKeyFile", error.Path);
        Assert.Contains($"names the file '{path}', which {says}", error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_is_no_file()
    {
        var failure = Assert.Throws<SettingsException>(() => Read(Mistakes.Make(UpstreamKey, Member("apiKeyFile", _directory.Path))));
        Assert.Contains("cannot be read", Assert.Single(failure.Errors).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UpstreamKey, UpstreamKey + ",\"apiKeyFile\":\"{0}\"", "MetaLlm.upstreams.up.apiKeyFile", "beside apiKeyEnvironment")]
    [InlineData(Root, "\"admin\":{\"keyEnvironment\":\"A\",\"keyFile\":\"{0}\"}," + Root, "MetaLlm.admin.keyFile", "beside keyEnvironment")]
    [InlineData(Root, "\"metrics\":{\"keyEnvironment\":\"A\",\"keyFile\":\"{0}\"}," + Root, "MetaLlm.metrics.keyFile", "beside keyEnvironment")]
    [InlineData(Root, "\"storage\":{\"kind\":\"postgres\",\"connectionEnvironment\":\"A\",\"connectionFile\":\"{0}\"}," + Root, "MetaLlm.storage.connectionFile", "beside connectionEnvironment")]
    [InlineData(Root, "\"storage\":{\"connectionFile\":\"{0}\"}," + Root, "MetaLlm.storage.connectionFile", "belongs to kind postgres")]
    [InlineData(UpstreamKey, "\"kind\":\"simulator\",\"apiKeyFile\":\"{0}\"", "MetaLlm.upstreams.up", "belongs to kind 'openai'")]
    [InlineData(TenantKeys, "\"keyFiles\":[\"{0}\",\"{0}\"]", "MetaLlm.tenants[0].keyFiles[1]", "holds a key that is in use already")]
    [InlineData(TenantKeys, TenantKeys + ",\"keyFiles\":[\"{1}\"]", "MetaLlm.tenants[0].keyFiles[0]", "holds a key that is in use already")]
    [InlineData(TenantKeys, "\"keyFiles\":\"{0}\"", "MetaLlm.tenants[0].keyFiles", "must be a list")]
    public void Members_that_contradict_each_other_are_named(string old, string changed, string place, string says)
    {
        var paths = changed.Replace("{0}", Write("one", "sk-secret"), StringComparison.Ordinal).Replace("{1}", Write("other", "T_KEY-value"), StringComparison.Ordinal);
        var failure = Assert.Throws<SettingsException>(() => Read(Mistakes.Make(old, paths)));
        Assert.Contains(failure.Errors, e => e.Path.StartsWith(place, StringComparison.Ordinal) && e.Problem.Contains(says, StringComparison.Ordinal));
        Assert.DoesNotContain("sk-secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tenant_with_the_admin_key_is_refused_wherever_the_keys_come_from()
    {
        var json = Mistakes.Make(TenantKeys, $"\"keyFiles\":[\"{Write("tenant", "sk-secret")}\"]")
            .Replace(Root, $$"""
                "admin":{{{Member("keyFile", Write("admin", "sk-secret"))}}},{{Root}}
                """, StringComparison.Ordinal);
        Assert.Equal("MetaLlm.admin.keyFile", Assert.Single(Assert.Throws<SettingsException>(() => Read(json)).Errors).Path);
    }

    [Fact]
    public void A_change_is_told_once_and_after_two_looks_that_find_the_same()
    {
        var path = Write("key", "sk-one");
        _files.Read(path);
        Assert.False(_files.HaveChanged());

        Write("key", "sk-");
        Assert.False(_files.HaveChanged());
        Write("key", "sk-two");
        Assert.False(_files.HaveChanged());
        Assert.True(_files.HaveChanged());
        Assert.False(_files.HaveChanged());
    }

    [Fact]
    public void A_link_that_is_swapped_is_a_change_though_times_and_lengths_are_the_same()
    {
        var time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        foreach (var (version, key) in new[] { ("v1", "sk-one"), ("v2", "sk-two") })
        {
            Directory.CreateDirectory(_directory.File(version));
            File.SetLastWriteTimeUtc(Write($"{version}/key", key), time);
        }

        // As Kubernetes mounts a Secret: key -> ..data/key, ..data -> v1.
        Directory.CreateSymbolicLink(_directory.File("..data"), "v1");
        File.CreateSymbolicLink(_directory.File("key"), "..data/key");
        Assert.Equal(("sk-one", null), _files.Read(_directory.File("key")));
        Directory.CreateSymbolicLink(_directory.File("..data_tmp"), "v2");
        Directory.Move(_directory.File("..data"), _directory.File("..data_old"));
        Directory.Move(_directory.File("..data_tmp"), _directory.File("..data"));

        Assert.False(_files.HaveChanged());
        Assert.True(_files.HaveChanged());
        Assert.Equal(("sk-two", null), _files.Read(_directory.File("key")));
    }

    [Fact]
    public void A_file_that_appears_is_a_change()
    {
        Assert.NotNull(_files.Read(_directory.File("late")).Problem);
        Assert.False(_files.HaveChanged());
        Write("late", "sk-late");
        Assert.False(_files.HaveChanged());
        Assert.True(_files.HaveChanged());
    }

    private static string Member(string name, string path) => $"\"{name}\":\"{path}\"";

    private string Write(string name, string text)
    {
        File.WriteAllText(_directory.File(name), text);
        return _directory.File(name);
    }

    private HostSettings Read(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return SettingsReader.Read<HostSettings>(new ConfigurationBuilder().AddJsonStream(stream).Build(), new SettingsContext { Variable = Mistakes.Variable, Files = _files });
    }
}
