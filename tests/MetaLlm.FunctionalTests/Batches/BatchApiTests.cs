using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Batches;

/// <summary><c>/v1/files</c> and <c>/v1/batches</c>.</summary>
public sealed class BatchApiTests(BatchFixture fixture) : IClassFixture<BatchFixture>
{
    private Client Alpha => fixture.Gateway.Alpha;

    private Client Beta => fixture.Gateway.Beta;

    [Fact]
    public async Task A_batch_is_answered_once_a_line_with_errors_in_a_file_of_their_own()
    {
        string[] questions = [.. Enumerable.Range(0, 20).Select(i => $"api {i}"), "object, api", "fail once, api"];
        var id = await Alpha.BeginAsync(questions.Select((question, i) => BatchCalls.Line($"q{i}", question)));
        var batch = await Alpha.EndAsync(id);

        Assert.Equal("completed", batch.GetProperty("status").GetString());
        Assert.Equal("""{"total":22,"completed":21,"failed":1}""", batch.GetProperty("request_counts").GetRawText());
        Assert.Equal("""{"topic":"tests"}""", batch.GetProperty("metadata").GetRawText());
        var output = await Alpha.LinesAsync(batch, "output_file_id");
        Assert.Equal(questions.Select((_, i) => $"q{i}").Where(one => one != "q20"), output.Select(line => (string?)line["custom_id"]));
        Assert.Equal(
            questions.Where(question => question != "object, api").Select(question => "re: " + question),
            output.Select(line => (string?)line["response"]!["body"]!["choices"]![0]!["message"]!["content"]));
        Assert.All(output, line => Assert.InRange((double)line["metallm"]!["cost_usd"]!, 1.4e-5 - 1e-9, 2 * 1.4e-5));
        var error = Assert.Single(await Alpha.LinesAsync(batch, "error_file_id"));
        Assert.Equal(("q20", 400), ((string?)error["custom_id"], (int)error["response"]!["status_code"]!));

        // A request that names no model is tried with another one when the first fails or objects, as every request.
        Assert.All(questions, question => Assert.Equal(question is "fail once, api" or "object, api" ? 2 : 1, fixture.Asked(question)));
        Assert.True(batch.GetProperty("metallm").GetProperty("spentUsd").GetDouble() > 21 * 1.4e-5 - 1e-9);
        Assert.Equal("batch_output", (await Alpha.GetAsync($"/v1/files/{batch.GetProperty("output_file_id").GetString()}")).Ok().Json.GetProperty("purpose").GetString());
    }

    [Theory]
    [InlineData("deep, api")]
    [InlineData("half a pair, api")]
    public async Task An_answer_that_is_oddly_written_ends_its_batch_as_every_other(string question)
    {
        var batch = await Alpha.EndAsync(await Alpha.BeginAsync([BatchCalls.Line("q", question)]));
        Assert.Equal("completed", batch.GetProperty("status").GetString());
        var body = Assert.Single(await Alpha.LinesAsync(batch, "output_file_id"))["response"]!["body"]!;

        // What cannot be written as JSON once more is there as the text that it was.
        Assert.Contains("re: " + question, body is JsonValue text ? text.GetValue<string>() : body.ToJsonString(new JsonSerializerOptions { MaxDepth = 64 }), StringComparison.Ordinal);
        Assert.Equal(1, fixture.Asked(question));
    }

    [Fact]
    public async Task A_budget_is_planned_with_and_never_exceeded()
    {
        string[] questions = [.. Enumerable.Range(0, 40).Select(i => $"dear api {i} {new string('x', 120)}")];
        const double budget = 0.006;
        var batch = await Alpha.EndAsync(await Alpha.BeginAsync(questions.Select((question, i) => BatchCalls.Line($"q{i}", question)), goal: new { budgetUsd = budget }));

        Assert.True(batch.GetProperty("status").GetString() == "completed", batch.GetRawText());
        var output = await Alpha.LinesAsync(batch, "output_file_id");
        var errors = await Alpha.LinesAsync(batch, "error_file_id");
        Assert.Equal(40, output.Count + errors.Count);
        Assert.NotEmpty(output);
        Assert.All(errors, line => Assert.Equal("budget_exhausted", (string?)line["error"]!["code"]));
        var spent = output.Sum(line => (double)line["metallm"]!["cost_usd"]!);
        Assert.True(spent <= budget + 1e-12, $"{spent} USD of {budget}");
        Assert.Equal(spent, batch.GetProperty("metallm").GetProperty("spentUsd").GetDouble(), 9);
        var decision = (await Alpha.GetAsync($"/v1/decisions/{(string?)output[0]["response"]!["request_id"]}")).Ok().Json;
        Assert.Equal((true, 1), (decision.GetProperty("pinned").GetBoolean(), decision.GetProperty("propensity").GetDouble()));
    }

    [Fact]
    public async Task A_budget_below_the_cheapest_plan_fails_before_anything_is_paid()
    {
        var batch = await Alpha.EndAsync(await Alpha.BeginAsync([BatchCalls.Line("q", "never asked by a batch")], goal: new { budgetUsd = 1e-9, minQuality = 0.5 }));
        Assert.Equal("failed", batch.GetProperty("status").GetString());
        var error = batch.GetProperty("errors").GetProperty("data")[0];
        Assert.Equal("budget_too_low", error.GetProperty("code").GetString());
        Assert.Contains("'metallm.budgetUsd' is 1E-09; the cheapest plan is expected to cost", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, fixture.Asked("never asked by a batch"));
    }

    [Fact]
    public async Task A_query_that_no_plan_can_have_is_named()
    {
        string[] lines = [.. Enumerable.Range(0, 70).Select(i => BatchCalls.Line($"q{i}", "never planned")), BatchCalls.Line("at fault", "never planned").Replace("\"auto\"", "\"nope\"", StringComparison.Ordinal)];
        var batch = await Alpha.EndAsync(await Alpha.BeginAsync(lines, goal: new { budgetUsd = 1 }));
        Assert.Equal(("failed", 0), (batch.GetProperty("status").GetString(), fixture.Asked("never planned")));
        Assert.Contains(
            "refuses the batch: query 'at fault': 404 The model 'nope' does not exist", batch.GetProperty("errors").GetProperty("data")[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lines_that_cannot_be_used_are_named_and_nothing_is_called()
    {
        var batch = await Alpha.EndAsync(await Alpha.BeginAsync(
            [BatchCalls.Line("a", "never called"), "nonsense", BatchCalls.Line("a", "never called"), BatchCalls.Line("b", "never called", "/v1/responses"), """{"custom_id":"c","method":"POST","url":"/v1/chat/completions"}"""]));
        Assert.Equal(("failed", 0), (batch.GetProperty("status").GetString(), fixture.Asked("never called")));
        var errors = batch.GetProperty("errors").GetProperty("data").EnumerateArray().ToList();
        Assert.Equal([2, 3, 4, 5], errors.Select(error => error.GetProperty("line").GetInt32()));
        Assert.Contains("'url' is \"/v1/responses\"; it must be \"/v1/chat/completions\"", errors[2].GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Null(batch.GetProperty("output_file_id").GetString());
    }

    [Fact]
    public async Task Queries_of_other_formats_go_to_their_endpoint()
    {
        var batch = await Alpha.EndAsync(await Alpha.BeginAsync([BatchCalls.Line("r", "responses, please", "/v1/responses")], "/v1/responses"));
        Assert.Equal("completed", batch.GetProperty("status").GetString());
        var line = Assert.Single(await Alpha.LinesAsync(batch, "output_file_id"));
        Assert.Equal(("response", "re: responses, please"), ((string?)line["response"]!["body"]!["object"], (string?)line["response"]!["body"]!["output"]![0]!["content"]![0]!["text"]));
    }

    [Fact]
    public async Task Another_tenant_sees_neither_files_nor_batches()
    {
        var id = await Alpha.BeginAsync([BatchCalls.Line("q", "of alpha")]);
        var batch = await Alpha.EndAsync(id);
        var (input, output) = (batch.GetProperty("input_file_id").GetString(), batch.GetProperty("output_file_id").GetString());
        foreach (var path in new[] { $"/v1/files/{input}", $"/v1/files/{input}/content", $"/v1/files/{output}/content", $"/v1/batches/{id}" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Beta.GetAsync(path)).Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await Beta.PostTextAsync($"/v1/batches/{id}/cancel", "")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Beta.SendAsync("DELETE", $"/v1/files/{input}")).Status);
        var taken = await Beta.PostAsync("/v1/batches", new { input_file_id = input, endpoint = "/v1/chat/completions", completion_window = "24h" });
        Assert.Equal((HttpStatusCode.BadRequest, $"'input_file_id' is '{input}', which is no file of this tenant; it must be a file of purpose batch."), (taken.Status, taken.Message));
        Assert.Equal("[]", (await Beta.GetAsync("/v1/files")).Ok().Json.GetProperty("data").GetRawText());
        Assert.Equal("[]", (await Beta.GetAsync("/v1/batches")).Ok().Json.GetProperty("data").GetRawText());
        Assert.Equal(HttpStatusCode.Unauthorized, (await fixture.Gateway.Nobody.GetAsync("/v1/files")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Alpha.GetAsync($"/v1/files/{input}")).Status);
    }

    [Fact]
    public async Task A_batch_that_is_cancelled_ends_what_runs_and_begins_nothing_new()
    {
        string[] questions = [.. Enumerable.Range(0, 30).Select(i => $"wait api {i}")];
        var id = await Alpha.BeginAsync(questions.Select((question, i) => BatchCalls.Line($"q{i}", question)));
        await Eventually.TrueAsync("every call that runs waits for its answer", () => fixture.Waiting == 8);
        var cancelled = (await Alpha.PostTextAsync($"/v1/batches/{id}/cancel", "")).Ok().Json;
        Assert.Equal("cancelling", cancelled.GetProperty("status").GetString());
        fixture.Open();
        var batch = await Alpha.EndAsync(id);

        Assert.Equal("cancelled", batch.GetProperty("status").GetString());
        var output = await Alpha.LinesAsync(batch, "output_file_id");
        Assert.Equal((8, 8), (output.Count, batch.GetProperty("request_counts").GetProperty("completed").GetInt32()));
        Assert.Equal(8, questions.Sum(fixture.Asked));
    }

    [Fact]
    public async Task A_batch_that_is_over_cannot_be_cancelled()
    {
        var id = await Alpha.BeginAsync([BatchCalls.Line("q", "soon over")]);
        await Alpha.EndAsync(id);
        var reply = await Alpha.PostTextAsync($"/v1/batches/{id}/cancel", "");
        Assert.Equal((HttpStatusCode.BadRequest, $"Batch '{id}' is completed; it can be cancelled while it is not over."), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task Files_are_read_listed_in_pages_and_deleted()
    {
        var content = BatchCalls.Line("q", "kept ü") + "\n";
        var first = (await Alpha.UploadAsync(content, name: "eins.jsonl")).Ok().Json;
        var second = (await Alpha.UploadAsync(content)).Ok().Json.GetProperty("id").GetString();
        var id = first.GetProperty("id").GetString();
        Assert.Equal(("eins.jsonl", System.Text.Encoding.UTF8.GetByteCount(content)), (first.GetProperty("filename").GetString(), first.GetProperty("bytes").GetInt32()));
        Assert.Equal(content, (await Alpha.GetAsync($"/v1/files/{id}/content")).Ok().Text);

        var page = (await Alpha.GetAsync($"/v1/files?purpose=batch&limit=1&order=asc&after={id}")).Ok().Json;
        Assert.Equal(second, page.GetProperty("data")[0].GetProperty("id").GetString());
        Assert.Equal((second, second), (page.GetProperty("first_id").GetString(), page.GetProperty("last_id").GetString()));
        var listed = await ListAsync("/v1/files?purpose=batch&order=desc", limit: 2);
        Assert.Equal([second, id], listed.Take(2));
        Assert.Equal((await Alpha.GetAsync("/v1/files?purpose=batch")).Ok().Json.GetProperty("data").EnumerateArray().Select(file => file.GetProperty("id").GetString()), listed);
        Assert.Equal($$"""{"id":"{{id}}","object":"file","deleted":true}""", (await Alpha.SendAsync("DELETE", $"/v1/files/{id}")).Ok().Text);
        Assert.Equal(HttpStatusCode.NotFound, (await Alpha.GetAsync($"/v1/files/{id}/content")).Status);

        // Whoever goes on from there would otherwise take the list to be at its end.
        Assert.Equal($"'after' is '{id}', which is no item of the list.", (await Alpha.GetAsync($"/v1/files?after={id}")).Message);
        var begun = await Alpha.PostAsync("/v1/batches", new { input_file_id = second, endpoint = "/v1/chat/completions", completion_window = "24h" });
        var other = begun.Ok().Json.GetProperty("id").GetString()!;
        Assert.Equal(other, (await Alpha.GetAsync("/v1/batches?limit=1")).Ok().Json.GetProperty("data")[0].GetProperty("id").GetString());
        Assert.Equal("completed", (await Alpha.EndAsync(other)).GetProperty("status").GetString());
        var again = await Alpha.PostAsync("/v1/batches", new { input_file_id = second, endpoint = "/v1/chat/completions", completion_window = "24h" });
        var last = again.Ok().Json.GetProperty("id").GetString();
        Assert.Equal([last, other], (await ListAsync("/v1/batches?x=", limit: 1)).Take(2));
        var beginning = (await Beta.GetAsync("/v1/batches")).Ok().Json;
        Assert.Equal(("null", "null", "false"), (beginning.GetProperty("first_id").GetRawText(), beginning.GetProperty("last_id").GetRawText(), beginning.GetProperty("has_more").GetRawText()));
    }

    [Theory]
    [InlineData("fine-tune", "x", "'purpose' is 'fine-tune'; it must be batch.")]
    [InlineData("batch", "", "'file' is empty; it must have a query in each line.")]
    public async Task A_file_that_cannot_be_used_is_refused(string purpose, string content, string message)
    {
        var reply = await Alpha.UploadAsync(content, purpose);
        Assert.Equal((HttpStatusCode.BadRequest, message), (reply.Status, reply.Message));
    }

    [Theory]
    [InlineData("text/plain", "x", HttpStatusCode.UnsupportedMediaType, "Content-Type is 'text/plain'; it must be multipart/form-data with a boundary.")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--x--\r\n", HttpStatusCode.BadRequest, "'file' is missing; it must be a file.")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"expires_after[seconds]\"\r\n\r\n5\r\n--x--\r\n", HttpStatusCode.BadRequest, "'expires_after[seconds]' is not known; known are file, purpose. How long files are kept is said by the configuration.")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"q\"\r\nContent-Encoding: gzip\r\n\r\nx\r\n--x--\r\n", HttpStatusCode.UnsupportedMediaType, "Content-Encoding of a part of the form is 'gzip'; it must be identity, or left out: parts are read as they are.")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"q\"\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--x--\r\n", HttpStatusCode.UnsupportedMediaType, "Content-Transfer-Encoding of a part of the form is 'base64'; it must be binary, 8bit, 7bit, or left out: parts are read as they are.")]
    public async Task A_form_that_cannot_be_used_is_refused(string type, string body, HttpStatusCode status, string message)
    {
        var reply = await Alpha.PostTextAsync("/v1/files", body, type);
        Assert.Equal((status, message), (reply.Status, reply.Message));
    }

    [Theory]
    [InlineData("""{"endpoint":"/v1/chat/completions","completion_window":"24h"}""", "'input_file_id' is missing; it must be a text of 1 to 256 characters.")]
    [InlineData("""{"input_file_id":"f\u0000","endpoint":"/v1/chat/completions","completion_window":"24h"}""", "'input_file_id' holds U+0000; every other character is legal.")]
    [InlineData("""{"input_file_id":"f","endpoint":"/v1/messages","completion_window":"24h"}""", "'endpoint' is '/v1/messages'; it must be /v1/chat/completions, /v1/responses, /v1/embeddings, /v1/completions.")]
    [InlineData("""{"input_file_id":"f","endpoint":"/v1/embeddings","completion_window":"7d"}""", "'completion_window' is '7d'; it must be 24h.")]
    [InlineData("""{"input_file_id":"f","endpoint":"/v1/embeddings","completion_window":"24h","metallm":{"budgetUsd":1}}""", "'metallm' names a goal, and 'endpoint' is '/v1/embeddings'; a goal is for /v1/chat/completions alone.")]
    [InlineData("""{"input_file_id":"f","endpoint":"/v1/chat/completions","completion_window":"24h","metallm":{"budgetUsd":0}}""", "'metallm.budgetUsd' is 0; it must be a number above 0 to 1000000.")]
    [InlineData("""{"input_file_id":"f","endpoint":"/v1/chat/completions","completion_window":"24h","metallm":{"minQuality":2}}""", "'metallm.minQuality' is 2; it must be a number from 0 to 1.")]
    [InlineData("""{"input_file_id":"f","endpoint":"/v1/chat/completions","completion_window":"24h","metallm":{"budget":2}}""", "'metallm.budget' is not known; known are budgetUsd, minQuality.")]
    [InlineData("""{"input_file_id":"f","endpoint":"/v1/chat/completions","completion_window":"24h","metadata":{"a":1}}""", "'metadata.a' must be a text of at most 512 characters.")]
    public async Task A_batch_that_cannot_be_run_is_refused(string body, string message)
    {
        var reply = await Alpha.PostTextAsync("/v1/batches", body);
        Assert.Equal((HttpStatusCode.BadRequest, message), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        Assert.Equal("There is no batch 'batch_x'.", (await Alpha.GetAsync("/v1/batches/batch_x")).Message);
        Assert.Equal(HttpStatusCode.NotFound, (await Alpha.PostTextAsync("/v1/batches/batch_x/cancel", "")).Status);
        Assert.Equal("There is no file 'file-x'.", (await Alpha.GetAsync("/v1/files/file-x")).Message);
        foreach (var (path, field) in new[] { ("/v1/files?after=%00", "after"), ("/v1/files?purpose=a%00", "purpose"), ("/v1/batches?after=%00", "after") })
        {
            Assert.Equal($"'{field}' holds U+0000; every other character is legal.", (await Alpha.GetAsync(path)).Message);
        }

        Assert.Equal("'limit' is '0'; it must be a whole number from 1 to 100.", (await Alpha.GetAsync("/v1/batches?limit=0")).Message);
        Assert.Equal("'after' is 'batch_x', which is no item of the list.", (await Alpha.GetAsync("/v1/batches?after=batch_x")).Message);
    }

    /// <summary>The ids of a list, page by page, as clients go through it.</summary>
    private async Task<List<string?>> ListAsync(string path, int limit)
    {
        var (ids, after) = (new List<string?>(), "");
        while (true)
        {
            var page = (await Alpha.GetAsync($"{path}&limit={limit}{after}")).Ok().Json;
            var found = page.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetString()).ToList();
            Assert.InRange(found.Count, 1, limit);
            Assert.Equal((found[0], found[^1]), (page.GetProperty("first_id").GetString(), page.GetProperty("last_id").GetString()));
            ids.AddRange(found);
            if (!page.GetProperty("has_more").GetBoolean())
            {
                return ids;
            }

            Assert.Equal(limit, found.Count);
            after = $"&after={found[^1]}";
        }
    }
}
