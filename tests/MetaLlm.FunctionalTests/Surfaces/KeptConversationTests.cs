using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Surfaces;

/// <summary>Conversations that are kept for clients of the Responses format.</summary>
public sealed class KeptConversationTests(EchoingGateway fixture) : IClassFixture<EchoingGateway>
{
    private const string Conversations = "/v1/conversations";

    private readonly RunningGateway _gateway = fixture.Gateway;

    [Fact]
    public async Task A_request_goes_on_from_all_turns_of_its_conversation_and_becomes_one()
    {
        var begun = (await _gateway.Alpha.PostAsync(Conversations, new { items = new[] { new { role = "user", content = "Call me Ann." } }, metadata = new { topic = "names" } })).Ok().Json;
        var id = begun.GetProperty("id").GetString()!;
        Assert.Equal(("conversation", "names"), (begun.GetProperty("object").GetString(), begun.GetProperty("metadata").GetProperty("topic").GetString()));
        Assert.Equal(begun.GetRawText(), (await _gateway.Alpha.GetAsync($"{Conversations}/{id}")).Ok().Text);

        var first = (await AskAsync(new { model = "auto", input = "Who am I?", conversation = id })).Ok().Json;
        Assert.Equal(id, first.GetProperty("conversation").GetProperty("id").GetString());
        Assert.Equal(["Call me Ann.", "Who am I?"], Said());
        using (var stream = await _gateway.Alpha.StreamAsync(new { model = "auto", input = "Sure?", conversation = new { id }, stream = true, store = false }, "/v1/responses"))
        {
            Assert.Contains("response.completed", await stream.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(["Call me Ann.", "Who am I?", "Hello there.", "Sure?"], Said());
        (await AskAsync(new { model = "auto", input = "Good.", conversation = id })).Ok();
        Assert.Equal(["Call me Ann.", "Who am I?", "Hello there.", "Sure?", "Hello there.", "Good."], Said());

        var items = (await _gateway.Alpha.GetAsync($"{Conversations}/{id}/items?order=asc&limit=4")).Ok().Json;
        Assert.Equal(["Call me Ann.", "Who am I?", "Hello there.", "Sure?"], items.GetProperty("data").EnumerateArray().Select(item => item.GetProperty("content")[0].GetProperty("text").GetString()));
        Assert.True(items.GetProperty("has_more").GetBoolean());
        Assert.Equal(HttpStatusCode.OK, (await _gateway.Alpha.GetAsync($"/v1/responses/{first.GetProperty("id").GetString()}")).Status);
    }

    [Fact]
    public async Task Turns_that_are_made_at_once_are_all_there()
    {
        var id = (await _gateway.Alpha.PostAsync(Conversations, new { })).Ok().Json.GetProperty("id").GetString()!;
        await Task.WhenAll(Enumerable.Range(0, 5).Select(async i => (await AskAsync(new { model = "auto", input = $"Turn {i}.", conversation = id })).Ok()));
        var items = (await _gateway.Alpha.GetAsync($"{Conversations}/{id}/items?limit=100&order=asc")).Ok().Json.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(
            Enumerable.Range(0, 5).Select(i => $"Turn {i}."),
            items.Where(item => item.GetProperty("role").GetString() == "user").Select(item => item.GetProperty("content")[0].GetProperty("text").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(10, items.Count);
        Assert.Equal(10, items.Select(item => item.GetProperty("id").GetString()).Distinct().Count());
    }

    [Fact]
    public async Task What_was_deleted_or_belongs_to_others_does_not_exist_and_what_is_illegal_is_not_begun()
    {
        var id = (await _gateway.Alpha.PostAsync(Conversations, new { })).Ok().Json.GetProperty("id").GetString()!;
        (await AskAsync(new { model = "auto", input = "x", conversation = id })).Ok();
        foreach (var path in new[] { $"{Conversations}/{id}", $"{Conversations}/{id}/items" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await _gateway.Beta.GetAsync(path)).Status);
        }

        // Neither a turn nor a conversation is a response.
        Assert.Equal(HttpStatusCode.NotFound, (await _gateway.Alpha.GetAsync($"{Conversations}/{id}.1")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await _gateway.Alpha.GetAsync($"/v1/responses/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(new { model = "auto", input = "x", previous_response_id = $"{id}.1" })).Status);

        Assert.True((await _gateway.Alpha.SendAsync("DELETE", $"{Conversations}/{id}")).Ok().Json.GetProperty("deleted").GetBoolean());
        Assert.Equal(HttpStatusCode.NotFound, (await _gateway.Alpha.SendAsync("DELETE", $"{Conversations}/{id}")).Status);
        var gone = await AskAsync(new { model = "auto", input = "x", conversation = id });
        Assert.Equal((HttpStatusCode.NotFound, "conversation"), (gone.Status, gone.Error.GetProperty("param").GetString()));

        var refused = await _gateway.Alpha.PostAsync(Conversations, new { items = new object[] { new { role = "user", content = "x" }, new { type = "web_search_call" } } });
        Assert.Equal((HttpStatusCode.BadRequest, "items[1].type"), (refused.Status, refused.Error.GetProperty("param").GetString()));
    }

    private Task<Reply> AskAsync(object request) => _gateway.Alpha.PostAsync("/v1/responses", request);

    private IEnumerable<string?> Said() => JsonNode.Parse(fixture.Asked)!["messages"]!.AsArray().Select(message => (string?)message!["content"]);
}
