namespace MetaLlm.FunctionalTests.Clients;

/// <summary>The official JavaScript client for files and batches.</summary>
public sealed class BatchesNodeTests
{
    [NodeFact]
    public async Task It_uploads_a_file_runs_a_batch_reads_its_results_and_understands_our_errors()
    {
        var directory = await NodePackages.DirectoryAsync();
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("scripted", ScriptedModel.AnswerAsync);
        await using var gateway = await RunningGateway.StartAsync(SurfaceClients.Configure(upstream));
        var seen = await NodePackages.RunAsync("batches-client.mjs", directory, new Uri(gateway.Address, "v1").ToString(), TestConfiguration.AlphaKey, "scripted");

        var (file, batch) = (seen.GetProperty("file"), seen.GetProperty("batch"));
        Assert.Equal(("queries.jsonl", "batch", "processed"), (file.GetProperty("filename").GetString(), file.GetProperty("purpose").GetString(), file.GetProperty("status").GetString()));
        Assert.Equal(("validating", "completed"), (seen.GetProperty("first").GetString(), batch.GetProperty("status").GetString()));
        Assert.Equal("""{"total":2,"completed":2,"failed":0}""", batch.GetProperty("request_counts").GetRawText());
        Assert.Equal("""[["one",200,"Hello there."],["two",200,"Hello there."]]""", seen.GetProperty("answers").GetRawText());
        Assert.Equal($"""["{batch.GetProperty("id").GetString()}"]""", seen.GetProperty("listed").GetRawText());
        Assert.Equal($"""["{file.GetProperty("id").GetString()}"]""", seen.GetProperty("files").GetRawText());
        Assert.Equal("""{"name":"BadRequestError","status":400}""", seen.GetProperty("late").GetRawText());
        Assert.True(seen.GetProperty("deleted").GetProperty("deleted").GetBoolean());
        Assert.Equal("""{"name":"NotFoundError","status":404,"code":"file_not_found"}""", seen.GetProperty("gone").GetRawText());
    }
}
