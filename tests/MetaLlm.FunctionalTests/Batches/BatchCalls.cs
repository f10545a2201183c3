using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Batches;

/// <summary>Requests to <c>/v1/files</c> and <c>/v1/batches</c>.</summary>
internal static class BatchCalls
{
    private static readonly string[] Over = ["completed", "failed", "expired", "cancelled"];

    /// <summary>A query in OpenAI's batch format.</summary>
    public static string Line(string id, string question, string url = "/v1/chat/completions") => new JsonObject
    {
        ["custom_id"] = id,
        ["method"] = "POST",
        ["url"] = url,
        ["body"] = url == "/v1/responses"
            ? new JsonObject { ["model"] = "auto", ["max_output_tokens"] = 16, ["input"] = question }
            : new JsonObject { ["model"] = "auto", ["max_tokens"] = 16, ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = question }) },
    }.ToJsonString();

    /// <summary>Uploads a file.</summary>
    public static Task<Reply> UploadAsync(this Client client, string content, string purpose = "batch", string name = "queries.jsonl") => client.PostTextAsync(
        "/v1/files",
        $"--x\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\n{purpose}\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n{content}\r\n--x--\r\n",
        "multipart/form-data; boundary=x");

    /// <summary>Uploads queries and begins their batch.</summary>
    /// <returns>Its id.</returns>
    public static async Task<string> BeginAsync(this Client client, IEnumerable<string> lines, string url = "/v1/chat/completions", object? goal = null)
    {
        var file = (await client.UploadAsync(string.Join('\n', lines) + "\n")).Ok().Json.GetProperty("id").GetString()!;
        var begun = await client.PostAsync("/v1/batches", new { input_file_id = file, endpoint = url, completion_window = "24h", metadata = new { topic = "tests" }, metallm = goal });
        Assert.Equal("validating", begun.Ok().Json.GetProperty("status").GetString());
        return begun.Json.GetProperty("id").GetString()!;
    }

    /// <summary>Waits until a batch is over.</summary>
    public static async Task<JsonElement> EndAsync(this Client client, string batch) => (await Eventually.ReadAsync(
        "the batch is over", () => client.GetAsync($"/v1/batches/{batch}"), reply => Over.Contains(reply.Ok().Json.GetProperty("status").GetString()), reply => reply.Text, TimeSpan.FromSeconds(90))).Json;

    /// <summary>The lines of a file that a batch names.</summary>
    public static async Task<List<JsonNode>> LinesAsync(this Client client, JsonElement batch, string member) => batch.GetProperty(member).GetString() is { } file
        ? [.. (await client.GetAsync($"/v1/files/{file}/content")).Ok().Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)]
        : [];
}
