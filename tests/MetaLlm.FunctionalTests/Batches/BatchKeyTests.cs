using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Batches;

/// <summary>A batch may what its key may.</summary>
public sealed class BatchKeyTests
{
    [Fact]
    public async Task A_batch_ends_when_its_key_is_revoked_and_keeps_the_answers_that_it_has()
    {
        var (opened, waiting, asked) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0, 0);
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("chat", async (context, body) =>
        {
            Interlocked.Increment(ref asked);
            if (body.Contains("wait", StringComparison.Ordinal))
            {
                Interlocked.Increment(ref waiting);
                await opened.Task;
            }

            await ScriptedUpstream.AnswerAsync(context, body);
        });
        var configuration = SignUp.Configuration();
        configuration["MetaLlm"]!["upstreams"]!["scripted"] = new JsonObject { ["kind"] = "openai", ["baseUrl"] = upstream.Address.ToString() };
        configuration["MetaLlm"]!["batches"] = new JsonObject { ["concurrency"] = 1 };
        await using var gateway = await RunningGateway.StartAsync(configuration);
        var admin = gateway.With(TestConfiguration.AdminKey);
        var document = new JsonObject { ["id"] = "acme", ["arms"] = new JsonArray(TestConfiguration.Arm("chat", upstream: "scripted")) };
        (await admin.SendAsync("POST", "/admin/v1/tenants", document.ToJsonString())).Ok();
        var (keyId, key) = await SignUp.KeyAsync(admin, "acme");
        var other = gateway.With((await SignUp.KeyAsync(admin, "acme")).Key);

        var id = await gateway.With(key).BeginAsync(new[] { "first", "wait", "never" }.Select(question => BatchCalls.Line(question, question)));
        await Eventually.TrueAsync("a call waits for its answer", () => Volatile.Read(ref waiting) == 1);
        (await admin.SendAsync("DELETE", $"/admin/v1/tenants/acme/keys/{keyId}")).Ok();
        opened.SetResult();
        var batch = await other.EndAsync(id);

        Assert.Equal("failed", batch.GetProperty("status").GetString());
        var error = batch.GetProperty("errors").GetProperty("data")[0];
        Assert.Equal("refused", error.GetProperty("code").GetString());
        Assert.Contains("The key that the batch was made with opens nothing any more.", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(["first", "wait"], (await other.LinesAsync(batch, "output_file_id")).Select(line => (string?)line["custom_id"]));
        Assert.Equal(2, asked);
    }
}
