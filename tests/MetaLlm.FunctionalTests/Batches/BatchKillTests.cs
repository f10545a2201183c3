using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Durability;

namespace MetaLlm.FunctionalTests.Batches;

/// <summary>A batch outlives the sudden death of its host.</summary>
public sealed class BatchKillTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-kill-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(null)]
    [InlineData(0.5)]
    public async Task After_a_kill_the_host_that_comes_next_goes_on_and_no_line_is_missing_or_there_twice(double? budgetUsd)
    {
        const int calls = 4;
        var (asked, opened, waiting) = (new ConcurrentDictionary<string, int>(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        await using var upstream = await ScriptedUpstream.StartAsync();
        foreach (var model in new[] { "a", "b" })
        {
            upstream.On(model, async (context, body) =>
            {
                var question = (string)JsonNode.Parse(body)!["messages"]![0]!["content"]!;
                asked.AddOrUpdate(question, 1, (_, before) => before + 1);
                if (question.StartsWith("wait", StringComparison.Ordinal))
                {
                    Interlocked.Increment(ref waiting);
                    await opened.Task;
                }

                await ScriptedUpstream.AnswerAsync(context, body);
            });
        }

        var configuration = upstream.Configure("a", "b");
        configuration["MetaLlm"]!["batches"] = new JsonObject { ["leaseSeconds"] = 2, ["concurrency"] = calls };

        // An answer that was kept for a call that died is none: the claim of it would have to end first.
        configuration["MetaLlm"]!["idempotency"] = new JsonObject { ["hours"] = 0 };
        var config = Path.Combine(_directory, "metallm.json");
        await File.WriteAllTextAsync(config, configuration.ToJsonString());
        string[] arguments = ["--config", config, "--listen", "http://127.0.0.1:0", "--data", _directory];
        string[] questions = [.. Enumerable.Range(0, 12).SelectMany(i => (string[])[$"before {i}", $"wait {i}"])];
        string id;
        using (var doomed = await HostProcess.StartAsync(arguments))
        {
            id = await doomed.Client.BeginAsync(questions.Select((question, i) => BatchCalls.Line($"q{i}", question)), goal: budgetUsd is null ? null : new { budgetUsd });
            await Eventually.TrueAsync("every call that runs waits for its answer", () => Volatile.Read(ref waiting) == calls);
            await doomed.KillAsync();
        }

        opened.SetResult();
        using var survivor = await HostProcess.StartAsync(arguments);
        var batch = await survivor.Client.EndAsync(id);
        Assert.True(batch.GetProperty("status").GetString() == "completed", batch.GetRawText());
        var output = await survivor.Client.LinesAsync(batch, "output_file_id");
        Assert.Equal(questions.Select((_, i) => $"q{i}"), output.Select(line => (string?)line["custom_id"]));
        Assert.Equal($$"""{"total":{{questions.Length}},"completed":{{questions.Length}},"failed":0}""", batch.GetProperty("request_counts").GetRawText());
        Assert.Equal(questions.Length + calls, asked.Values.Sum());
        Assert.All(questions, question => Assert.InRange(asked[question], 1, 2));
    }

    [Fact]
    public async Task A_batch_whose_file_was_deleted_keeps_its_answers_when_another_host_goes_on()
    {
        var (opened, waiting) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0);
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("a", async (context, body) =>
        {
            if (body.Contains("wait", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref waiting);
                await opened.Task;
            }

            await ScriptedUpstream.AnswerAsync(context, body);
        });
        var configuration = upstream.Configure("a");
        configuration["MetaLlm"]!["batches"] = new JsonObject { ["leaseSeconds"] = 2, ["concurrency"] = 1 };
        var config = Path.Combine(_directory, "metallm.json");
        await File.WriteAllTextAsync(config, configuration.ToJsonString());
        string[] arguments = ["--config", config, "--listen", "http://127.0.0.1:0", "--data", _directory];
        string id;
        using (var doomed = await HostProcess.StartAsync(arguments))
        {
            id = await doomed.Client.BeginAsync(new[] { "first", "wait", "never" }.Select(question => BatchCalls.Line(question, question)));
            await Eventually.TrueAsync("a call waits for its answer", () => Volatile.Read(ref waiting) == 1);
            var file = (await doomed.Client.GetAsync($"/v1/batches/{id}")).Ok().Json.GetProperty("input_file_id").GetString();
            (await doomed.Client.SendAsync("DELETE", $"/v1/files/{file}")).Ok();
            await doomed.KillAsync();
        }

        opened.SetResult();
        using var survivor = await HostProcess.StartAsync(arguments);
        var batch = await survivor.Client.EndAsync(id);
        Assert.Equal("failed", batch.GetProperty("status").GetString());
        Assert.Equal("file_not_found", batch.GetProperty("errors").GetProperty("data")[0].GetProperty("code").GetString());
        Assert.Equal("""{"total":3,"completed":1,"failed":0}""", batch.GetProperty("request_counts").GetRawText());
        var answer = Assert.Single(await survivor.Client.LinesAsync(batch, "output_file_id"));
        Assert.Equal("first", (string?)answer["custom_id"]);
        Assert.Equal((double)answer["metallm"]!["cost_usd"]!, batch.GetProperty("metallm").GetProperty("spentUsd").GetDouble(), 9);
    }
}
