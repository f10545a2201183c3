using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;
using MetaLlm.FunctionalTests.Batches;
using MetaLlm.FunctionalTests.Surfaces;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>The OpenAPI document against the gateway that serves it.</summary>
public sealed partial class ApiDescriptionTests : IAsyncLifetime
{
    private const string Jsonl = "application/x-ndjson";

    private RunningGateway _gateway = null!;
    private JsonNode _document = null!;

    private Client Admin => _gateway.With(TestConfiguration.AdminKey);

    public async Task InitializeAsync()
    {
        var configuration = EmbeddingsTests.Configuration();
        configuration["MetaLlm"]!["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        configuration["MetaLlm"]!["batches"] = new JsonObject { ["atOnce"] = 0 };
        TestConfiguration.TenantAt(configuration, 0)["requestLog"] = new JsonObject { ["enabled"] = true };
        TestConfiguration.TenantAt(configuration, 0)["judges"] = new JsonObject { ["list"] = new JsonArray(new JsonObject { ["id"] = "same", ["kind"] = "exact" }) };
        _gateway = await RunningGateway.StartAsync(configuration);
        _document = JsonNode.Parse((await _gateway.Nobody.GetAsync("/openapi/v1.json")).Ok().Text)!;
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public void Every_endpoint_is_described_but_those_that_describe_and_those_that_find_nothing()
    {
        var mapped = _gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(endpoint => Template(endpoint.RoutePattern))
            .Where(path => !path.StartsWith("/scalar", StringComparison.Ordinal) && path is not ("/openapi/v1.json" or "/v1/{path}" or "/admin/v1/{path}" or "/{path}"))
            .Distinct();

        Assert.Equal(mapped.Order(StringComparer.Ordinal), _document["paths"]!.AsObject().Select(path => path.Key).Order(StringComparer.Ordinal));
    }

    /// <summary>What says everything by its URL.</summary>
    private static readonly string[] WithoutBody = ["/v1/tenants/{tenant}/relearn", "/admin/v1/tenants/{tenant}/budget/reset", "/admin/v1/tenants/{tenant}/challenger/rollback", "/admin/v1/retention/run", "/v1/batches/{id}/cancel"];

    [Fact]
    public void Every_operation_has_a_name_a_summary_a_schema_for_each_answer_and_its_errors()
    {
        var operations = Operations().ToList();
        Assert.Equal(operations.Count, operations.Select(o => (string?)o.Operation["operationId"]).Distinct().Count());
        Assert.All(operations, o =>
        {
            Assert.Matches("^[A-Z].*[a-z]$", (string?)o.Operation["summary"]);
            Assert.EndsWith(".", (string?)o.Operation["description"], StringComparison.Ordinal);
            var answers = o.Operation["responses"]!.AsObject();
            Assert.All(answers, answer => Assert.NotEmpty(answer.Value!["content"]!.AsObject().Select(type => type.Value!["schema"]!.AsObject())));
            Assert.NotNull(answers["200"]);
            if (o.Operation["security"] is not null)
            {
                Assert.All(["401", "500", "503"], status => Assert.Contains(status, answers));
                Assert.All(answers.Where(answer => answer.Key != "200"), answer =>
                {
                    Assert.Matches("^`[a-z_]+`(, `[a-z_]+`)*$", (string?)answer.Value!["description"]);
                    var error = o.Path.StartsWith("/v1/messages", StringComparison.Ordinal) ? "MessagesError" : "Error";
                    Assert.Equal($"#/components/schemas/{error}", (string?)answer.Value["content"]!["application/json"]!["schema"]!["$ref"]);
                });
            }

            Assert.Equal(o.Method is "post" or "put" or "patch" && !WithoutBody.Contains(o.Path), o.Operation["requestBody"] is not null);
            if (o.Operation["requestBody"] is { } request)
            {
                Assert.All(request["content"]!.AsObject(), body => AssertValid(body.Value!["schema"]!, body.Value["example"]!.ToJsonString()));
                Assert.All(["400", "413", "415"], status => Assert.Contains(status, answers));
            }
        });
        Assert.Equal(
            operations.Where(o => o.Path.Contains("/v1/", StringComparison.Ordinal)).Select(o => o.Path),
            operations.Where(o => o.Operation["security"] is not null).Select(o => o.Path));
    }

    [Fact]
    public async Task What_one_call_of_every_endpoint_sends_and_gets_is_valid()
    {
        var called = new HashSet<string>();
        var chat = await SentAsync("/v1/chat/completions", _gateway.Alpha, """{"model":"auto","messages":[{"role":"user","content":"Hello."},{"role":"user","content":[{"type":"text","text":"x"}]}],"metallm":{"task":"t","dial":{"quality":1,"cost":0,"latency":2},"max_cost_usd":1,"allow":["sim-nano"]}}""");
        AssertHeaders("/v1/chat/completions", chat);
        var completion = await SentAsync("/v1/completions", _gateway.Alpha, """{"model":"auto","prompt":"Hello.","max_tokens":20,"n":1,"stream":false,"metallm":{"task":"t"}}""");
        AssertHeaders("/v1/completions", completion);
        var embeddings = await SentAsync("/v1/embeddings", _gateway.Alpha, """{"model":"auto","input":["one","two"],"encoding_format":"float","dimensions":8,"user":"u","metallm":{"task":"t","max_cost_usd":1}}""");
        AssertHeaders("/v1/embeddings", embeddings);
        var message = await SentAsync("/v1/messages", _gateway.Alpha, """{"model":"auto","max_tokens":100,"system":"Be brief.","messages":[{"role":"user","content":[{"type":"text","text":"x"}]}],"stop_sequences":["!"],"metadata":{"user_id":"u"},"metallm":{"task":"t"}}""");
        AssertHeaders("/v1/messages", message);
        var response = await SentAsync("/v1/responses", _gateway.Alpha, """{"model":"auto","input":[{"role":"user","content":"x"}],"instructions":"Be brief.","max_output_tokens":100,"store":true,"metallm":{"task":"t"}}""");
        AssertHeaders("/v1/responses", response);
        var kept = $"/v1/responses/resp_{response.DecisionId}";
        await GotAsync("/v1/responses/{id}", kept, _gateway.Alpha);
        await GotAsync("/v1/responses/{id}/input_items", kept + "/input_items", _gateway.Alpha);
        var begun = await SentAsync("/v1/conversations", _gateway.Alpha, """{"items":[{"role":"user","content":"x"}],"metadata":{"a":"b"}}""");
        var conversation = $"/v1/conversations/{begun.Json.GetProperty("id").GetString()}";
        await GotAsync("/v1/conversations/{id}", conversation, _gateway.Alpha);
        await GotAsync("/v1/conversations/{id}/items", conversation + "/items", _gateway.Alpha);
        AssertAnswer("/v1/conversations/{id}", "delete", (await _gateway.Alpha.SendAsync("DELETE", conversation)).Ok());
        AssertAnswer("/v1/responses/{id}", "delete", (await _gateway.Alpha.SendAsync("DELETE", kept)).Ok());
        var file = AssertAnswer("/v1/files", "post", (await _gateway.Alpha.UploadAsync(BatchCalls.Line("q", "x"))).Ok()).Json.GetProperty("id").GetString();
        await GotAsync("/v1/files", "/v1/files?purpose=batch&limit=5&order=asc", _gateway.Alpha);
        await GotAsync("/v1/files/{id}", $"/v1/files/{file}", _gateway.Alpha);
        await GotAsync("/v1/files/{id}/content", $"/v1/files/{file}/content", _gateway.Alpha);
        var batch = (await SentAsync("/v1/batches", _gateway.Alpha, $$$"""{"input_file_id":"{{{file}}}","endpoint":"/v1/chat/completions","completion_window":"24h","metadata":{"a":"b"},"metallm":{"budgetUsd":1,"minQuality":0.5}}""")).Json.GetProperty("id").GetString();
        await GotAsync("/v1/batches", "/v1/batches?limit=5", _gateway.Alpha);
        await GotAsync("/v1/batches/{id}", $"/v1/batches/{batch}", _gateway.Alpha);
        called.Add("/v1/batches/{id}/cancel");
        AssertAnswer("/v1/batches/{id}/cancel", "post", (await _gateway.Alpha.PostTextAsync($"/v1/batches/{batch}/cancel", "")).Ok());
        AssertAnswer("/v1/files/{id}", "delete", (await _gateway.Alpha.SendAsync("DELETE", $"/v1/files/{file}")).Ok());
        await SentAsync("/v1/messages/count_tokens", _gateway.Alpha, """{"model":"auto","messages":[{"role":"user","content":"x"}]}""");
        var route = await SentAsync("/v1/route", _gateway.Alpha, """{"model":"sim-nano","temperature":1,"messages":[{"role":"system","content":null}]}""");
        AssertHeaders("/v1/route", route);
        await SentAsync("/v1/assess", _gateway.Alpha, """{"requests":[{"model":"auto","messages":[{"role":"user","content":"x"}],"metallm":{"task":"t"}},{"model":"sim-nano","messages":[{"role":"user","content":"y"}]}]}""");
        await SentAsync("/v1/feedback", _gateway.Alpha, $$$"""{"decision_id":"{{{route.DecisionId}}}","reward":1,"weight":0.5,"label":"l","comment":"c","idempotency_key":"k","usage":{"prompt_tokens":1,"completion_tokens":2,"prompt_tokens_details":{"cached_tokens":0}},"cost_usd":0.1,"latency_ms":5}""");
        await SentAsync("/v1/feedback", _gateway.Alpha, $$"""[{"id":"{{chat.DecisionId}}","reward":0}]""");
        await SentAsync("/v1/feedback", _gateway.Alpha, """{"items":[{"id":"unheard-of","reward":0}]}""");
        await GotAsync("/v1/decisions/{id}", $"/v1/decisions/{chat.DecisionId}", _gateway.Alpha);
        await Eventually.TrueAsync("the request is kept", async () => (await _gateway.Alpha.GetAsync($"/v1/requests/{chat.DecisionId}")).Status == HttpStatusCode.OK);
        await GotAsync("/v1/requests", "/v1/requests", _gateway.Alpha);
        await GotAsync("/v1/requests/{id}", $"/v1/requests/{chat.DecisionId}", _gateway.Alpha);
        await GotAsync("/admin/v1/tenants/{tenant}/requests", "/admin/v1/tenants/alpha/requests", Admin);
        await GotAsync("/admin/v1/tenants/{tenant}/requests/{id}", $"/admin/v1/tenants/alpha/requests/{chat.DecisionId}", Admin);
        await GotAsync("/v1/policy", "/v1/policy", _gateway.Alpha);
        await GotAsync("/v1/shadow", "/v1/shadow", _gateway.Alpha);
        await GotAsync("/v1/judges", "/v1/judges", _gateway.Alpha);
        await GotAsync("/v1/shared-learning", "/v1/shared-learning", _gateway.Alpha);
        await GotAsync("/v1/evidence", "/v1/evidence", _gateway.Alpha);
        await GotAsync("/admin/v1/tenants/{tenant}/evidence", "/admin/v1/tenants/alpha/evidence", Admin);
        await GotAsync("/v1/models", "/v1/models", _gateway.Alpha);
        await GotAsync("/v1/models/{id}", "/v1/models/sim-nano", _gateway.Alpha);
        await GotAsync("/v1/models/{id}", "/v1/models/auto", _gateway.Alpha);
        foreach (var (template, path) in new[] { ("/v1/models", "/v1/models"), ("/v1/models/{id}", "/v1/models/sim-nano") })
        {
            AssertAnswer(template, "get", (await _gateway.Alpha.SendAsync("GET", path, null, ("anthropic-version", "2023-06-01"))).Ok());
        }

        var lines = Enumerable.Range(0, 8).Select(i => $$$$"""{"query":"q{{{{i}}}}","task":"t","input_tokens":3,"outcomes":{"sim-nano":{"reward":1,"output_tokens":3,"latency_ms":1},"sim-lingo":{"reward":0,"cost_usd":0.01},"sim-coder":{"reward":0,"input_tokens":4,"cached_tokens":1,"output_tokens":3}}}""");
        await SentAsync("/v1/tenants/{tenant}/warm-start", Admin, string.Join('\n', lines), "/v1/tenants/alpha/warm-start", Jsonl);
        await SentAsync("/v1/tenants/{tenant}/arms/{arm}/quiz", Admin, """{"query":"q","outcomes":{"sim-nano":{"reward":1,"output_tokens":3}}}""", "/v1/tenants/alpha/arms/sim-nano/quiz", Jsonl);
        called.Add("/v1/tenants/{tenant}/relearn");
        AssertAnswer("/v1/tenants/{tenant}/relearn", "post", (await Admin.PostTextAsync("/v1/tenants/alpha/relearn", "")).Ok());
        await ManageAsync(called);
        await GotAsync("/health/live", "/health/live", _gateway.Nobody);
        await GotAsync("/health/ready", "/health/ready", _gateway.Nobody);
        await GotAsync("/health", "/health", _gateway.Nobody);
        await GotAsync("/", "/", _gateway.Nobody);
        Assert.Equal(Operations().Select(o => o.Path).Distinct().Order(StringComparer.Ordinal), called.Order(StringComparer.Ordinal));

        async Task<Reply> SentAsync(string template, Client client, string body, string? path = null, string contentType = "application/json")
        {
            called.Add(template);
            foreach (var part in contentType == Jsonl ? body.Split('\n') : [body])
            {
                AssertValid(_document["paths"]![template]!["post"]!["requestBody"]!["content"]![contentType]!["schema"]!, part);
            }

            return AssertAnswer(template, "post", (await client.PostTextAsync(path ?? template, body, contentType)).Ok());
        }

        async Task GotAsync(string template, string path, Client client)
        {
            called.Add(template);
            AssertAnswer(template, "get", (await client.GetAsync(path)).Ok());
        }
    }

    private async Task ManageAsync(HashSet<string> called)
    {
        var arm = TestConfiguration.Arm("sim-math").ToJsonString();
        await CallAsync("post", "/admin/v1/tenants", $$"""{"id":"acme","arms":[{{TestConfiguration.Arm("sim-nano").ToJsonString()}}]}""");
        await CallAsync("get", "/admin/v1/tenants");
        await CallAsync("get", "/admin/v1/tenants/{tenant}");
        await CallAsync("put", "/admin/v1/tenants/{tenant}", $$$"""{"arms":[{{{TestConfiguration.Arm("sim-nano").ToJsonString()}}}],"budget":{"usdPerDay":5}}""");
        await CallAsync("patch", "/admin/v1/tenants/{tenant}", """{"budget":{"usdPerDay":6}}""");
        await CallAsync("post", "/admin/v1/tenants/{tenant}/models", arm);
        await CallAsync("delete", "/admin/v1/tenants/{tenant}/models/{model}");
        var models = await CallAsync("get", "/admin/v1/tenants/{tenant}/models");
        await CallAsync("put", "/admin/v1/tenants/{tenant}/models", models.Text);
        await CallAsync("put", "/admin/v1/tenants/{tenant}/budget", (await CallAsync("get", "/admin/v1/tenants/{tenant}/budget")).Text);
        await CallAsync("put", "/admin/v1/tenants/{tenant}/policy", """{"policy":"linucb","policyRestart":"forget"}""");
        await CallAsync("get", "/admin/v1/tenants/{tenant}/policy");
        await CallAsync("put", "/admin/v1/tenants/{tenant}/challenger", """{"policy":"random"}""");
        await CallAsync("delete", "/admin/v1/tenants/{tenant}/challenger");
        await CallAsync("put", "/admin/v1/tenants/{tenant}/challenger", """{"policy":"random"}""");
        await CallAsync("get", "/admin/v1/tenants/{tenant}/challenger");
        await CallAsync("post", "/admin/v1/tenants/{tenant}/challenger/promote", """{"force":true}""");
        await CallAsync("post", "/admin/v1/tenants/{tenant}/challenger/rollback");
        await CallAsync("patch", "/admin/v1/tenants/{tenant}", """{"guarantee":{"reference":"sim-nano","auditUsd":1}}""");
        await CallAsync("get", "/admin/v1/tenants/{tenant}/guarantee");
        var key = (await CallAsync("post", "/admin/v1/tenants/{tenant}/keys", """{"name":"n","scopes":["chat"],"expires_in_seconds":60}""")).Json.GetProperty("id").GetString();
        await CallAsync("get", "/admin/v1/tenants/{tenant}/keys");
        await CallAsync("delete", "/admin/v1/tenants/{tenant}/keys/{id}", id: key);
        var managing = (await CallAsync("post", "/admin/v1/keys", """{"role":"read"}""")).Json.GetProperty("id").GetString();
        await CallAsync("get", "/admin/v1/keys");
        await CallAsync("delete", "/admin/v1/keys/{id}", id: managing);
        await CallAsync("get", "/admin/v1/usage");
        await CallAsync("get", "/admin/v1/shared-learning");
        called.Add("/admin/v1/tenants/{tenant}/report");
        Assert.StartsWith("<!DOCTYPE html>", (await Admin.GetAsync("/admin/v1/tenants/acme/report")).Ok().Text, StringComparison.Ordinal);
        called.Add("/admin/v1/tenants/{tenant}/decisions");
        (await Admin.GetAsync("/admin/v1/tenants/acme/decisions")).Ok();
        await CallAsync("post", "/admin/v1/tenants/{tenant}/budget/reset");
        await CallAsync("get", "/admin/v1/retention");
        await CallAsync("post", "/admin/v1/retention/run");
        await CallAsync("get", "/admin/v1/retention/archive");
        await CallAsync("get", "/admin/v1/audit");
        await CallAsync("delete", "/admin/v1/tenants/{tenant}");

        async Task<Reply> CallAsync(string method, string template, string? body = null, string? id = null)
        {
            called.Add(template);
            if (body is not null)
            {
                AssertValid(_document["paths"]![template]![method]!["requestBody"]!["content"]!["application/json"]!["schema"]!, body);
            }

            var path = template.Replace("{tenant}", "acme", StringComparison.Ordinal).Replace("{model}", "sim-math", StringComparison.Ordinal).Replace("{id}", id, StringComparison.Ordinal);
            return AssertAnswer(template, method, (await Admin.SendAsync(method.ToUpperInvariant(), path, body)).Ok());
        }
    }

    [Fact]
    public async Task Errors_are_valid_too()
    {
        var error = _document["components"]!["schemas"]!["Error"]!;
        Assert.ThrowsAny<Exception>(() => AssertValid(error, """{"error":{"message":"m","type":"t","code":"c"}}"""));
        foreach (var reply in new[]
        {
            await _gateway.Nobody.GetAsync("/v1/models"),
            await _gateway.Alpha.PostTextAsync("/v1/chat/completions", "{"),
            await _gateway.Alpha.PostTextAsync("/v1/feedback", """{"id":"unheard-of","reward":1}"""),
            await Admin.PostTextAsync("/v1/tenants/nobody/warm-start", "", Jsonl),
        })
        {
            AssertValid(error, reply.Text);
        }

        AssertValid(_document["components"]!["schemas"]!["MessagesError"]!, (await _gateway.Alpha.PostTextAsync("/v1/messages", "{")).Text);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "application/json", """{"model":"auto","messages":[{"role":"user","content":"x"}],"metallm":{"?":1}}""", "ChatRequest", "metallm")]
    [InlineData("/v1/chat/completions", "application/json", """{"model":"auto","messages":[{"role":"user","content":"x"}],"metallm":{"dial":{"?":1}}}""", "ChatRequest", "metallm/dial")]
    [InlineData("/v1/feedback", "application/json", """{"?":1}""", "FeedbackItem", "")]
    [InlineData("/v1/tenants/alpha/warm-start", Jsonl, """{"?":1}""", "OnboardingLine", "")]
    [InlineData("/v1/tenants/alpha/warm-start", Jsonl, """{"query":"q","outcomes":{"sim-nano":{"?":1}}}""", "OnboardingLine", "outcomes/*")]
    public async Task A_closed_object_has_in_its_schema_the_members_that_its_reader_knows(string path, string contentType, string body, string schema, string member)
    {
        var reply = await (contentType == Jsonl ? Admin : _gateway.Alpha).PostTextAsync(path, body, contentType);
        var known = Known().Match(reply.Message).Groups[1].Value.Split(", ");

        var found = _document["components"]!["schemas"]![schema]!;
        foreach (var step in member.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            found = Followed(step == "*" ? found["additionalProperties"]! : found["properties"]![step]!);
        }

        Assert.False((bool)found["additionalProperties"]!);
        Assert.Equal(known.Order(StringComparer.Ordinal), found["properties"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_page_loads_nothing_from_elsewhere()
    {
        var page = (await _gateway.Nobody.GetAsync("/scalar")).Ok();
        Assert.Equal("text/html", page.ContentType);
        Assert.Contains("openapi/v1.json", page.Text, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", page.Text);
        var scripts = Script().Matches(page.Text).Select(match => match.Groups[1].Value).ToList();
        Assert.NotEmpty(scripts);
        foreach (var script in scripts)
        {
            Assert.NotEmpty((await _gateway.Nobody.GetAsync(new Uri(new Uri(_gateway.Address, "/scalar/"), script).PathAndQuery)).Ok().Text);
        }
    }

    private static string Template(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
        _ => throw new InvalidOperationException($"{pattern.RawText} has a part of another kind."),
    }))));

    private IEnumerable<(string Path, string Method, JsonNode Operation)> Operations() =>
        from path in _document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Key, operation.Value!);

    private Reply AssertAnswer(string template, string method, Reply reply)
    {
        var content = _document["paths"]![template]![method]!["responses"]!["200"]!["content"]!.AsObject();
        Assert.Contains(reply.ContentType!, content);
        if (reply.ContentType == "application/json")
        {
            AssertValid(content["application/json"]!["schema"]!, reply.Text);
        }

        return reply;
    }

    private void AssertHeaders(string template, Reply reply) =>
        Assert.All(
            _document["paths"]![template]!["post"]!["responses"]!["200"]!["headers"]!.AsObject().Where(header => header.Value!["required"]?.GetValue<bool>() == true),
            header => Assert.Contains(header.Key, reply.Headers));

    private void AssertValid(JsonNode schema, string json)
    {
        // Outside an OpenAPI document, the schemas that others refer to stand in $defs.
        var whole = new JsonObject { ["allOf"] = new JsonArray(schema.DeepClone()), ["$defs"] = _document["components"]!["schemas"]!.DeepClone() };
        var text = whole.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        using var instance = JsonDocument.Parse(json);
        var result = JsonSchema.FromText(text).Evaluate(instance.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        Assert.True(result.IsValid, $"{json}\n{string.Join('\n', (result.Details ?? []).Where(d => d.Errors is not null).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation}: {e.Value}")))}");
    }

    private JsonNode Followed(JsonNode schema)
    {
        if (schema["oneOf"] is JsonArray alternatives)
        {
            schema = alternatives.Single(alternative => alternative!["$ref"] is not null)!;
        }

        return (string?)schema["$ref"] is { } reference ? _document["components"]!["schemas"]![reference.Split('/')[^1]]! : schema;
    }

    [GeneratedRegex("is not known; known are (.+)\\.$")]
    private static partial Regex Known();

    [GeneratedRegex("<script[^>]* src=\"([^\"]+)\"")]
    private static partial Regex Script();
}
