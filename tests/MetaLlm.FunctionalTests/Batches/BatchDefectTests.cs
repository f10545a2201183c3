using System.Text.Json.Nodes;
using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.FunctionalTests.Batches;

/// <summary>A defect that nobody foresaw ends a batch, after some attempts, instead of having it run for ever.</summary>
public sealed class BatchDefectTests
{
    private const double Budget = 0.5;

    [Fact]
    public async Task A_batch_that_meets_the_same_defect_in_every_attempt_fails_with_the_answers_that_it_has_and_with_what_it_can_have_cost()
    {
        await using var upstream = await StartAsync();
        string[] questions = ["one", "two", "at fault", "three"];
        await using var gateway = await StartAsync(upstream, services => services.AddSingleton(provider => FailingStore.Of<IBatchStore>(
            new SqliteBatchStore(provider.GetRequiredService<SqliteDatabase>()),
            (name, arguments) => name == nameof(IBatchStore.SaveLineAsync) && arguments.OfType<StoredLine>().Single() is { Number: 2 } line && line.State.Contains("\"result\"", StringComparison.Ordinal))));
        var batch = await gateway.Alpha.EndAsync(await gateway.Alpha.BeginAsync(questions.Select(question => BatchCalls.Line(question, question)), goal: new { budgetUsd = Budget }));

        Assert.Equal("failed", batch.GetProperty("status").GetString());
        var error = Assert.Single(batch.GetProperty("errors").GetProperty("data").EnumerateArray());
        Assert.Equal(("internal_error", "The gateway failed 5 times in a row; its log says more."), (error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
        var output = await gateway.Alpha.LinesAsync(batch, "output_file_id");
        Assert.NotEmpty(output);
        Assert.DoesNotContain("at fault", output.Select(line => (string?)line["custom_id"]));
        Assert.Equal($$"""{"total":4,"completed":{{output.Count}},"failed":0}""", batch.GetProperty("request_counts").GetRawText());

        // The other answer is kept, and paid once; the batch never learns of that, and counts the most for it.
        Assert.Equal(output.Count + 1, upstream.Called.Count);
        var (known, spent) = (output.Sum(line => (double)line["metallm"]!["cost_usd"]!), batch.GetProperty("metallm").GetProperty("spentUsd").GetDouble());
        var bound = (await gateway.Alpha.GetAsync($"/v1/decisions/{(string?)output[0]["response"]!["request_id"]}")).Ok().Json.GetProperty("bound_usd").GetDouble();
        Assert.InRange(spent, known + (bound / 2), Budget);
    }

    [Theory]
    [InlineData(nameof(IFileStore.ReadAsync), 0)]
    [InlineData(nameof(IFileStore.BeginAsync), 2)]
    public async Task A_batch_whose_files_cannot_be_read_or_written_for_a_reason_that_nobody_foresaw_fails(string call, int completed)
    {
        await using var upstream = await StartAsync();
        await using var gateway = await StartAsync(upstream, services => services.AddSingleton(provider => FailingStore.Of<IFileStore>(
            new SqliteFileStore(provider.GetRequiredService<SqliteDatabase>()),
            (name, arguments) => name == call && arguments[0] is not StoredFile { Purpose: "batch" })));
        var batch = await gateway.Alpha.EndAsync(await gateway.Alpha.BeginAsync([BatchCalls.Line("one", "one"), BatchCalls.Line("two", "two")]));

        Assert.Equal("failed", batch.GetProperty("status").GetString());
        Assert.Equal("internal_error", batch.GetProperty("errors").GetProperty("data")[0].GetProperty("code").GetString());
        Assert.Null(batch.GetProperty("output_file_id").GetString());
        Assert.Equal(completed, batch.GetProperty("request_counts").GetProperty("completed").GetInt32());
        Assert.Equal(completed > 0, batch.GetProperty("metallm").GetProperty("spentUsd").GetDouble() > 0);
        Assert.Equal(completed, upstream.Called.Count);

        // Others are not kept from running.
        Assert.Equal(HttpStatusCode.OK, (await gateway.Alpha.GetAsync("/v1/batches")).Status);
    }

    [Fact]
    public async Task A_defect_now_and_then_does_not_end_a_batch_that_goes_on_meanwhile()
    {
        const int queries = 7;
        var failed = new HashSet<int>();
        await using var upstream = await StartAsync();
        await using var gateway = await StartAsync(
            upstream,
            services => services.AddSingleton(provider => FailingStore.Of<IBatchStore>(new SqliteBatchStore(provider.GetRequiredService<SqliteDatabase>()), (name, arguments) =>
            {
                lock (failed)
                {
                    return name == nameof(IBatchStore.SaveLineAsync) && arguments.OfType<StoredLine>().Single() is var line && line.State.Contains("\"result\"", StringComparison.Ordinal)
                        && line.Number > 0 && failed.Add(line.Number);
                }
            })),
            concurrency: 1);
        var batch = await gateway.Alpha.EndAsync(await gateway.Alpha.BeginAsync(Enumerable.Range(0, queries).Select(i => BatchCalls.Line($"q{i}", $"now and then {i}"))));
        Assert.Equal("completed", batch.GetProperty("status").GetString());
        Assert.Equal(queries, (await gateway.Alpha.LinesAsync(batch, "output_file_id")).Count);
        Assert.Equal((queries - 1, queries), (failed.Count, upstream.Called.Count));
    }

    [Fact]
    public async Task Of_batches_that_come_at_once_no_more_are_taken_than_the_tenant_may_have_open()
    {
        const int most = 2;
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = await StartAsync(opened.Task);
        await using var gateway = await StartAsync(upstream, _ => { }, tenantBatches: most);
        var file = (await gateway.Alpha.UploadAsync(BatchCalls.Line("q", "q") + "\n")).Ok().Json.GetProperty("id").GetString();
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => gateway.Alpha.PostAsync("/v1/batches", new { input_file_id = file, endpoint = "/v1/chat/completions", completion_window = "24h" })));
        Assert.Equal(most, replies.Count(reply => reply.Status == HttpStatusCode.OK));
        Assert.All(replies.Where(reply => reply.Status != HttpStatusCode.OK), reply => Assert.Equal(
            (HttpStatusCode.BadRequest, "With this one the tenant would have 3 batches that are not over; at most 2 are legal."), (reply.Status, reply.Message)));
        opened.SetResult();
    }

    private static async Task<ScriptedUpstream> StartAsync(Task? opened = null)
    {
        var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("a", async (context, body) =>
        {
            await (opened ?? Task.CompletedTask);
            await ScriptedUpstream.AnswerAsync(context, body);
        });
        return upstream;
    }

    private static Task<RunningGateway> StartAsync(ScriptedUpstream upstream, Action<IServiceCollection> services, int concurrency = 4, int tenantBatches = 20)
    {
        var configuration = upstream.Configure("a");
        configuration["MetaLlm"]!["batches"] = new JsonObject { ["leaseSeconds"] = 1, ["concurrency"] = concurrency, ["tenantBatches"] = tenantBatches };
        return RunningGateway.StartAsync(configuration, services: services);
    }
}
