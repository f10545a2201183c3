using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Upstreams;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>Keys in mounted files that change under load, as Kubernetes changes them: by swapping a symbolic link.</summary>
public sealed class SecretRotationTests : IDisposable
{
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(15);
    private readonly TemporaryDirectory _mount = new();
    private int _version;

    public void Dispose() => _mount.Dispose();

    [Fact]
    public async Task A_new_key_of_an_upstream_is_used_within_seconds_and_no_call_fails()
    {
        var valid = new ConcurrentDictionary<string, bool> { ["Bearer sk-old"] = true };
        var last = "";
        await using var upstream = await StartUpstreamAsync(key =>
        {
            last = key;
            return valid.ContainsKey(key);
        });
        Mount(("upstream", "sk-old\n"), ("alpha", TestConfiguration.AlphaKey));
        await using var gateway = await RunningGateway.StartAsync(Configure(upstream.Address));
        await using var load = new KeyedLoad(() => gateway.Alpha, clients: 4);

        // The provider issues a second key, the Secret gets it, and the provider withdraws the first once nobody sends it any more.
        valid["Bearer sk-new"] = true;
        Mount(("upstream", "sk-new\n"), ("alpha", TestConfiguration.AlphaKey));
        await Eventually.TrueAsync("the upstream sees the new key", () => last == "Bearer sk-new", Seconds);
        await load.AnsweredAsync(20);
        valid.TryRemove("Bearer sk-old", out _);
        await load.AnsweredAsync(40);

        Assert.Empty(await load.StopAsync());
    }

    [Fact]
    public async Task A_tenant_changes_its_key_while_both_are_taken_and_no_call_fails()
    {
        await using var upstream = await StartUpstreamAsync(_ => true);
        Mount(("upstream", "sk"), ("alpha", TestConfiguration.AlphaKey));
        await using var gateway = await RunningGateway.StartAsync(Configure(upstream.Address));
        var renewed = gateway.With("alpha-key-renewed");
        var current = gateway.Alpha;
        await using var load = new KeyedLoad(() => Volatile.Read(ref current), clients: 4);
        Assert.Equal("invalid_api_key", (await renewed.ChatAsync("x")).Code);

        Mount(("upstream", "sk"), ("alpha", $"alpha-key-renewed\n{TestConfiguration.AlphaKey}\n"));
        await Eventually.TrueAsync("the new key is taken", async () => (await renewed.ChatAsync("x")).Status == HttpStatusCode.OK, Seconds);
        Volatile.Write(ref current, renewed);
        await load.AnsweredAsync(20);
        Mount(("upstream", "sk"), ("alpha", "alpha-key-renewed\n"));
        await Eventually.TrueAsync("the old key is refused", async () => (await gateway.Alpha.ChatAsync("x")).Status == HttpStatusCode.Unauthorized, Seconds);
        await load.AnsweredAsync(20);

        Assert.Empty(await load.StopAsync());
    }

    [Fact]
    public async Task A_file_that_turns_bad_leaves_the_key_of_before_in_force_and_its_repair_is_taken()
    {
        await using var upstream = await StartUpstreamAsync(_ => true);
        Mount(("upstream", "sk"), ("alpha", TestConfiguration.AlphaKey));
        using var log = new LogCollector();
        await using var gateway = await RunningGateway.StartAsync(Configure(upstream.Address), log: log);

        Mount(("upstream", "sk-secret-one\nsk-secret-two"), ("alpha", "alpha-key-renewed"));
        await Eventually.TrueAsync("the refusal is told", () => log.Entries.Any(e => e.Message.Contains("MetaLlm.upstreams.up.apiKeyFile", StringComparison.Ordinal)), Seconds);
        (await gateway.Alpha.ChatAsync("x")).Ok();
        Mount(("upstream", "sk"), ("alpha", "alpha-key-renewed"));
        await Eventually.TrueAsync("the repaired files are taken", async () => (await gateway.With("alpha-key-renewed").ChatAsync("x")).Status == HttpStatusCode.OK, Seconds);

        Assert.DoesNotContain(log.Entries, e => e.Message.Contains("sk-secret", StringComparison.Ordinal) || e.Message.Contains("alpha-key", StringComparison.Ordinal));
    }

    private static Task<LoopbackUpstream> StartUpstreamAsync(Func<string, bool> isValid) => LoopbackUpstream.StartAsync(call =>
        isValid(call.Http.Request.Headers.Authorization.ToString())
            ? ScriptedUpstream.AnswerAsync(call.Http, call.Asked.GetRawText())
            : ScriptedUpstream.FailAsync(call.Http, StatusCodes.Status401Unauthorized));

    private JsonObject Configure(Uri upstream)
    {
        var configuration = UpstreamConfiguration.Create(("up", upstream));
        configuration["MetaLlm"]!["upstreams"]!["up"]!["apiKeyFile"] = _mount.File("upstream");
        var tenant = UpstreamConfiguration.AddTenant(configuration, "alpha", TestConfiguration.Arm("model", upstream: "up"));
        tenant.Remove("keyEnvironments");
        tenant["keyFiles"] = new JsonArray(_mount.File("alpha"));
        return configuration;
    }

    /// <summary>Puts files in place as the kubelet does: a new directory, and one link that is renamed over the old one.</summary>
    private void Mount(params (string Name, string Text)[] files)
    {
        var version = Directory.CreateDirectory(_mount.File($"..v{++_version}"));
        foreach (var (name, text) in files)
        {
            File.WriteAllText(Path.Combine(version.FullName, name), text);
            if (_version == 1)
            {
                File.CreateSymbolicLink(_mount.File(name), $"..data/{name}");
            }
        }

        File.CreateSymbolicLink(_mount.File("..data_tmp"), version.Name);
        using var rename = Process.Start("mv", ["-T", _mount.File("..data_tmp"), _mount.File("..data")]);
        rename.WaitForExit();
        Assert.Equal(0, rename.ExitCode);
    }
}
