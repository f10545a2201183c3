using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MetaLlm.DeployLint;
using MetaLlm.FunctionalTests.Upstreams;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.FunctionalTests.Telemetry;

/// <summary>Alert rules and dashboards ask for what hosts export, by the labels that it has.</summary>
public sealed partial class MonitoringFilesTests
{
    /// <summary>What no traffic of a single sound host makes; that the code has it is what docs/observability.md is tested for.</summary>
    private static readonly Dictionary<string, HashSet<string>> Rare = new()
    {
        ["metallm_engine_fenced_total"] = [],
        ["metallm_admission_shed_total"] = ["reason"],
        ["metallm_admission_holder_away_total"] = [],
    };

    [PostgresFact]
    public async Task Rules_and_dashboards_read_what_a_host_exports_after_traffic_of_all_kinds()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        await using var upstream = await LoopbackUpstream.StartAsync(call => call.TextAsync(200, Answer));
        string scrape;
        using (var cluster = new HostCluster(database, tenants: 1, configure: configuration => Configure(configuration, upstream.Address)))
        {
            var host = await cluster.StartAsync();
            var client = host.With(cluster.Keys[0]);
            await MakeTrafficAsync(client);
            scrape = (await Eventually.ReadAsync(
                "a decision of /v1/route has expired", () => host.Nobody.GetAsync("/metrics"), reply => reply.Ok().Text.Contains("metallm_engine_expired_total{", StringComparison.Ordinal), _ => "")).Text;
        }

        await server.DropDatabaseAsync(database);
        var labels = Labels(scrape);
        var documented = Documented().Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs/observability.md"))).Select(m => m.Groups["name"].Value).ToHashSet();
        Assert.All(Rare.Keys, name => Assert.Contains(name, documented));
        var findings = MonitoringCheck.CheckSeries(Repository.Root, metric => labels.GetValueOrDefault(metric) ?? Rare.GetValueOrDefault(metric));
        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    private const string Answer = """{"id":"u","choices":[{"index":0,"message":{"role":"assistant","content":"An answer of no tokens."},"finish_reason":"stop"}],"usage":{"prompt_tokens":0,"completion_tokens":0}}""";

    /// <summary>A model whose count cannot be, one that is out of reach, and decisions that expire at once.</summary>
    private static void Configure(JsonObject configuration, Uri upstream)
    {
        var section = configuration["MetaLlm"]!.AsObject();
        section["routing"]!["failureThreshold"] = 1;
        section["routing"]!["attemptBudgetSeconds"] = 1;
        section["runtime"] = new JsonObject { ["unsettledLimitSeconds"] = 7, ["sweepPeriodSeconds"] = 0.2 };
        section["upstreams"]!["counting"] = new JsonObject { ["kind"] = "openai", ["baseUrl"] = upstream.ToString(), ["totalTimeoutSeconds"] = 5 };
        foreach (var place in section["upstreams"]!.AsObject())
        {
            place.Value!["totalTimeoutSeconds"] = 5;
        }

        var arms = section["tenants"]![0]!["arms"]!.AsArray();
        arms.Add(TestConfiguration.Arm("uncounted", upstream: "counting"));
        var gone = TestConfiguration.Arm("gone", upstream: "hasty");
        (gone["inputUsdPerMillion"], gone["outputUsdPerMillion"]) = (0.001, 0.001);
        arms.Add(gone);
        section["tenants"]![0]!["policy"] = "cheapest";
        section["tenants"]![0]!["limits"] = new JsonObject { ["requestsPerMinute"] = 20 };
    }

    private static async Task MakeTrafficAsync(Client client)
    {
        // The cheapest is out of reach, so that another takes over.
        var reply = (await client.ChatAsync("Reroute me.")).Ok();
        (await client.PostAsync("/v1/feedback", new { decision_id = reply.DecisionId, reward = 1 })).Ok();
        (await client.ChatAsync("Count me.", "uncounted")).Ok();
        (await client.PostAsync("/v1/route", Client.Chat("Never mind."))).Ok();
        while ((await client.ChatAsync("Count me.", "uncounted")).Status != HttpStatusCode.TooManyRequests)
        {
        }
    }

    /// <summary>Labels by sample name.</summary>
    private static Dictionary<string, HashSet<string>> Labels(string scrape)
    {
        var labels = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var match in scrape.Split('\n').Select(line => Sample().Match(line)).Where(m => m.Success))
        {
            if (!labels.TryGetValue(match.Groups["name"].Value, out var known))
            {
                labels.Add(match.Groups["name"].Value, known = []);
            }

            known.UnionWith(match.Groups["key"].Captures.Select(c => c.Value));
        }

        return labels;
    }

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{((?<key>[a-zA-Z_][a-zA-Z0-9_]*)="(?:[^"\\]|\\.)*",?)*\})? """)]
    private static partial Regex Sample();

    [GeneratedRegex(@"\| `[a-z_.]+` \| `(?<name>[a-z_]+)` \|")]
    private static partial Regex Documented();
}
