using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>Every answer in OpenAI's formats, of every kind of upstream, is what OpenAI's own description says.</summary>
[Collection(SharedKinds.Name)]
public sealed class OpenAiSchemaTests(EveryKind kinds)
{
    /// <summary>Where the description's schemas contradict its own words and examples, which say null, or name the packed form of vectors.</summary>
    private static readonly string[] Contradicted =
    [
        "CreateChatCompletionStreamResponse/usage: Value is \"null\"", "CreateCompletionResponse/choices/0/finish_reason: Value", "CreateCompletionResponse/usage: Value is \"null\"",
        "CreateEmbeddingResponse/data/0/embedding: Value is \"string\"", "Response/user: Value is \"null\"", "/response/user: Value is \"null\"",
        "ResponseCreatedEvent/response/usage: Value is \"null\"", "ResponseInProgressEvent/response/usage: Value is \"null\"",
    ];

    private readonly OpenAiDocument _document = OpenAiDocument.Read();
    private readonly SortedSet<string> _errors = new(StringComparer.Ordinal);

    [OpenAiDocumentFact]
    public async Task Answers_are_as_the_public_description_has_them()
    {
        var count = 0;
        foreach (var surface in (Surface[])[new ChatFormat(), new ResponsesFormat(), new CompletionsFormat(), new EmbeddingsFormat()])
        {
            var answers = new ConcurrentQueue<SeenAnswer>();
            await Task.WhenAll(surface.Features.SelectMany(feature => UpstreamKind.All.Select(kind => Cell.OfAsync(feature, new Probe(kinds.Gateway, surface, kind.Name) { Seen = answers }))));
            foreach (var answer in answers)
            {
                count++;
                Check(answer, surface.Path["/v1".Length..]);
            }
        }

        var gateway = kinds.Gateway.Alpha;
        Check(_document.NameOf("/models", method: "get"), JsonNode.Parse((await gateway.GetAsync("/v1/models")).Ok().Text)!, "models");
        var kept = (await gateway.PostAsync("/v1/responses", new { model = "openai", input = "Say something." })).Ok().Json.GetProperty("id").GetString();
        Check("Response", JsonNode.Parse((await gateway.GetAsync($"/v1/responses/{kept}")).Ok().Text)!, "a kept response");
        Check("ResponseItemList", JsonNode.Parse((await gateway.GetAsync($"/v1/responses/{kept}/input_items")).Ok().Text)!, "items of a request");

        Assert.True(count > 100, $"Only {count} answers were seen.");
        Assert.True(_errors.Count == 0, string.Join(Environment.NewLine, _errors));
    }

    private void Check(SeenAnswer answer, string path)
    {
        if (answer.Status != HttpStatusCode.OK)
        {
            Check("ErrorResponse", answer.Json, $"{path}, {answer.Kind}");
        }
        else if (!answer.IsEvent)
        {
            Check(_document.NameOf(path), answer.Json, $"{path}, {answer.Kind}");
        }
        else if (path == "/responses")
        {
            // One of fifty would be named by its fifty contradictions.
            var type = (string)answer.Json["type"]!;
            Check(_document.EventOf("ResponseStreamEvent", type) ?? throw new InvalidOperationException($"No event is called {type}."), answer.Json, $"{path}, {answer.Kind}");
        }
        else
        {
            Check(path == "/completions" ? _document.NameOf(path) : _document.NameOf(path, "text/event-stream"), answer.Json, $"{path}, {answer.Kind}");
        }
    }

    private void Check(string schema, JsonNode value, string where) => _errors.UnionWith(
        _document.Errors(schema, value).Where(error => !Array.Exists(Contradicted, known => error.Contains(known, StringComparison.Ordinal))).Select(error => $"{where}: {error}"));
}
