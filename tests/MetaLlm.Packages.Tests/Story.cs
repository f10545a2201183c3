using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.Packages.Tests;

/// <summary>What a newcomer does with README's program: asks, says how good the answer was, and finds that learned, after a restart too.</summary>
internal static class Story
{
    private const string Prefix = "chatcmpl-";

    /// <summary>README's settings, with the upstream on loopback.</summary>
    public static string Settings(string json, Uri upstream)
    {
        var settings = JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!;
        settings["MetaLlm"]!["upstreams"]!["openai"]!["baseUrl"] = upstream.ToString();
        return settings.ToJsonString();
    }

    public static async Task PlayAsync(string folder, string assembly)
    {
        string decision;
        using (var app = await RunningApp.StartAsync(folder, assembly))
        {
            var answer = await app.PostAsync("/v1/chat/completions", new { model = "auto", messages = new[] { new { role = "user", content = "What is six times seven?" } } });
            Assert.Equal(FakeUpstream.Word, answer.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());
            decision = answer.GetProperty("id").GetString()![Prefix.Length..];

            await app.PostAsync("/v1/feedback", new { decision_id = decision, reward = 1 });
            Assert.Equal((1, 1), Counts(await app.GetAsync("/v1/policy")));
            Assert.Equal("use-lite-en-int8-2", (await app.GetAsync("/health/ready")).GetProperty("embedder").GetString());

            var picked = await app.GetAsync("/pick?query=And+eight+times+nine%3F");
            Assert.StartsWith("gpt-", picked.GetProperty("chosenArm").GetString(), StringComparison.Ordinal);
            await app.StopAsync();
        }

        using (var app = await RunningApp.StartAsync(folder, assembly))
        {
            Assert.Equal((2, 1), Counts(await app.GetAsync("/v1/policy")));
            Assert.Equal(1, (await app.GetAsync($"/v1/decisions/{decision}")).GetProperty("reward").GetDouble());
            await app.StopAsync();
        }
    }

    /// <summary>What a newcomer does with README's chat clients: asks, votes, and finds the vote known after a restart.</summary>
    public static async Task AskAndVoteAsync(string folder, string assembly, Uri upstream)
    {
        string id;
        using (var app = await RunningApp.StartAsync(folder, assembly, $"--OPENAI_BASE_URL={upstream}"))
        {
            var answer = await app.GetAsync("/ask?question=What+is+six+times+seven%3F");
            Assert.Equal(FakeUpstream.Word, answer.GetProperty("messages")[0].GetProperty("contents")[0].GetProperty("text").GetString());
            var routed = answer.GetProperty("additionalProperties");
            Assert.Contains(routed.GetProperty("metallm.model").GetString(), (string[])["small", "large"]);
            Assert.InRange(routed.GetProperty("metallm.propensity").GetDouble(), double.Epsilon, 1);
            id = answer.GetProperty("responseId").GetString()!;
            Assert.Equal("Accepted", (await VoteAsync(app, id)).GetString());
            await app.StopAsync();
        }

        using (var app = await RunningApp.StartAsync(folder, assembly, $"--OPENAI_BASE_URL={upstream}"))
        {
            Assert.Equal("Duplicate", (await VoteAsync(app, id)).GetString());
            await app.StopAsync();
        }
    }

    private static Task<JsonElement> VoteAsync(RunningApp app, string id) => app.PostAsync($"/vote?id={id}&isUp=true", new { });

    private static (int Decisions, int Rewards) Counts(JsonElement policy) =>
        (policy.GetProperty("decisions").GetInt32(), policy.GetProperty("rewards_applied").GetInt32());
}
