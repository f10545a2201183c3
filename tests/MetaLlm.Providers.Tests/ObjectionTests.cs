using System.Text;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Providers.Tests;

/// <summary>What a model has against a request is mended at the same model where that is known to work, and goes to the caller where it is not.</summary>
public sealed class ObjectionTests
{
    private const string Good = """{"choices":[{"index":0,"message":{"role":"assistant","content":"x"},"finish_reason":"stop"}]}""";

    [Theory]
    [InlineData(400)]
    [InlineData(413)]
    [InlineData(415)]
    [InlineData(422)]
    public async Task An_objection_to_the_request_is_told_with_the_models_own_words(int status)
    {
        const string Error = """{"error":{"message":"no: secret prompt"}}""";
        await using var upstream = await RefusingAsync(_ => (status, Error));
        var failure = await FailAsync(upstream, "{}");
        Assert.Equal(ChatFailure.Objected, failure.Failure);
        Assert.Equal((status, status), (failure.UpstreamStatus, failure.Objection!.Status));
        Assert.Equal(Error, Encoding.UTF8.GetString(failure.Objection.Body.Span));
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("<html>too large</html>")]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("""{"\ud800":1}""")]
    public async Task A_body_that_is_no_object_is_told_in_words_of_ours(string body)
    {
        await using var upstream = await RefusingAsync(_ => (413, body));
        var objection = (await FailAsync(upstream, "{}")).Objection!;
        Assert.Equal("application/json", objection.ContentType);
        using var error = JsonDocument.Parse(objection.Body);
        Assert.Equal("The model objects to the request with status 413.", error.RootElement.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_long_objection_is_not_handed_on()
    {
        await using var upstream = await RefusingAsync(_ => (400, "{\"error\":{\"message\":\"" + new string('x', 1_000_000) + "\"}}"));
        Assert.InRange((await FailAsync(upstream, "{}")).Objection!.Body.Length, 1, 1000);
    }

    [Theory]
    [InlineData("""{"error":{"code":"model_not_found","message":"x"}}""")]
    [InlineData("""{"error":{"message":"Model Not Exist"}}""")]
    public async Task A_model_that_the_upstream_does_not_have_is_no_fault_of_the_request(string error)
    {
        await using var upstream = await RefusingAsync(_ => (400, error));
        var failure = await FailAsync(upstream, "{}");
        Assert.Equal((ChatFailure.Refused, 404), (failure.Failure, failure.UpstreamStatus));
        Assert.Null(failure.Objection);
    }

    [Theory]
    [InlineData("temperature", "0.2", """{"error":{"message":"Unsupported value: 'temperature' does not support 0.2 with this model. Only the default (1) value is supported.","type":"invalid_request_error","param":"temperature","code":"unsupported_value"}}""")]
    [InlineData("top_p", "0.2", """{"error":{"message":"Unsupported parameter: 'top_p'"}}""")]
    [InlineData("seed", "1", """{"error":{"message":"Unrecognized request argument supplied: seed"}}""")]
    [InlineData("logprobs", "true", """{"detail":[{"type":"extra_forbidden","loc":["body","logprobs"],"msg":"Extra inputs are not permitted"}]}""")]
    [InlineData("user", "\"u\"", """{"error":"unknown field user"}""")]
    [InlineData("reasoning_effort", "\"high\"", """{"message":"reasoning_effort is not supported"}""")]
    public async Task A_parameter_that_a_model_does_not_know_is_left_out_and_the_next_call_does_not_fail_first(string name, string value, string error)
    {
        await using var upstream = await RefusingAsync(body => body.Contains($"\"{name}\"", StringComparison.Ordinal) ? (400, error) : (200, Good));
        var request = $$"""{"messages":[],"{{name}}":{{value}},"stop":"x"}""";
        for (var i = 0; i < 2; i++)
        {
            await using var response = await upstream.Provider.SendAsync(upstream.Call(request), CancellationToken.None);
            Assert.Equal(name, response.Headers.Single(h => h.Key == "x-metallm-adapted-parameters").Value);
        }

        Assert.Equal("""{"messages":[],"stop":"x","model":"real-model"}""", upstream.Requests[^1].Body);
        Assert.Equal(3, upstream.Requests.Count);
    }

    [Theory]
    [InlineData(403, """{"error":{"message":"You are not allowed to request logprobs from this model","type":"invalid_request_error","param":null,"code":null}}""")]
    [InlineData(400, """{"error":{"code":400,"message":"Logprobs is not enabled for models/gemini-2.5-pro","status":"INVALID_ARGUMENT"}}""")]
    public async Task Probabilities_that_a_model_does_not_tell_are_left_out_whatever_the_status(int status, string error)
    {
        await using var upstream = await RefusingAsync(body => body.Contains("logprobs\"", StringComparison.Ordinal) ? (status, error) : (200, Good));
        for (var i = 0; i < 2; i++)
        {
            await using var response = await upstream.Provider.SendAsync(upstream.Call("""{"messages":[],"logprobs":true,"top_logprobs":2}"""), CancellationToken.None);
            Assert.Equal("logprobs,top_logprobs", response.Headers.Single(h => h.Key == "x-metallm-adapted-parameters").Value);
        }

        Assert.Equal("""{"messages":[],"model":"real-model"}""", upstream.Requests[^1].Body);
        Assert.Equal(3, upstream.Requests.Count);
    }

    [Theory]
    [InlineData("""{"messages":[]}""", "You are not allowed to request logprobs from this model")]
    [InlineData("""{"messages":[],"logprobs":true}""", "This key may not call the model.")]
    public async Task A_status_that_forbids_is_otherwise_no_objection(string request, string message)
    {
        await using var upstream = await RefusingAsync(_ => (403, JsonSerializer.Serialize(new { error = new { message } })));
        var failure = await FailAsync(upstream, request);
        Assert.Equal((ChatFailure.Refused, 403), (failure.Failure, failure.UpstreamStatus));
        Assert.Single(upstream.Requests);
    }

    [Theory]
    [InlineData("max_tokens", "max_completion_tokens", """{"error":{"message":"Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.","param":"max_tokens","code":"unsupported_parameter"}}""")]
    [InlineData("max_completion_tokens", "max_tokens", """{"error":{"message":"Unrecognized request argument supplied: max_completion_tokens"}}""")]
    public async Task The_limit_of_an_answer_is_renamed_and_never_lost(string sent, string known, string error)
    {
        await using var upstream = await RefusingAsync(body => body.Contains($"\"{sent}\"", StringComparison.Ordinal) ? (400, error) : (200, Good));
        for (var i = 0; i < 2; i++)
        {
            await using var response = await upstream.Provider.SendAsync(upstream.Call($$"""{"{{sent}}":64}"""), CancellationToken.None);
        }

        await using var both = await upstream.Provider.SendAsync(upstream.Call($$"""{"{{sent}}":64,"{{known}}":100}"""), CancellationToken.None);
        Assert.Equal(4, upstream.Requests.Count);
        Assert.All(upstream.Requests.Skip(1), r => Assert.Equal($$"""{"{{known}}":64,"model":"real-model"}""", r.Body));
    }

    [Theory]
    [InlineData("""{"error":{"message":"extra fields not permitted: stream_options"}}""")]
    [InlineData("""{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]}""")]
    [InlineData("""{"detail":"stream_options is not supported"}""")]
    public async Task A_usage_count_that_only_we_asked_for_is_not_asked_for_again(string error)
    {
        await using var upstream = await Upstream.StartAsync(c => Task.CompletedTask);
        await using var picky = await RefusingAsync(
            body => body.Contains("stream_options", StringComparison.Ordinal) ? (422, error) : (200, "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: [DONE]\n\n"));
        for (var i = 0; i < 2; i++)
        {
            await using var response = await picky.Provider.SendAsync(picky.Call("{}", stream: true), CancellationToken.None);
            Assert.Equal(2, (await Upstream.ReadAsync(response)).Parts.Count);
            Assert.Empty(response.Headers);
        }

        Assert.Equal(3, picky.Requests.Count);
    }

    [Theory]
    [InlineData("""{"tools":[]}""", """{"error":{"message":"Unsupported parameter: 'tools'","param":"tools","code":"unsupported_parameter"}}""")]
    [InlineData("""{"response_format":{"type":"json_schema"},"temperature":1}""", """{"error":{"message":"response_format is not supported","param":"response_format"}}""")]
    [InlineData("""{"n":3}""", """{"error":{"message":"n is not supported"}}""")]
    [InlineData("""{"temperature":99}""", """{"error":{"message":"Invalid 'temperature': must be at most 2, 99 is not supported","param":"temperature"}}""")]
    [InlineData("""{"max_tokens":99999}""", """{"error":{"message":"max_tokens is too large: 99999. This model supports at most 16384.","param":"max_tokens"}}""")]
    [InlineData("""{"temperature":1}""", """{"error":{"code":"context_length_exceeded","message":"temperature is not supported"}}""")]
    [InlineData("""{"temperature":1}""", """{"error":{"code":"content_filter","message":"temperature is not supported"}}""")]
    [InlineData("""{"seed":1}""", """{"error":{"message":"temperature is not supported"}}""")]
    public async Task What_changes_the_meaning_or_is_the_callers_mistake_is_left_to_the_next_arm(string request, string error)
    {
        await using var upstream = await RefusingAsync(_ => (400, error));
        Assert.Equal(ChatFailure.Objected, (await FailAsync(upstream, request)).Failure);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task A_change_that_did_not_help_is_not_remembered()
    {
        await using var upstream = await RefusingAsync(_ => (400, """{"error":{"message":"Unsupported parameter: 'temperature'"}}"""));
        await FailAsync(upstream, """{"temperature":1}""");
        await FailAsync(upstream, """{"temperature":1}""");
        Assert.Equal(4, upstream.Requests.Count);
        Assert.Contains("temperature", upstream.Requests[2].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_word_that_a_model_does_not_support_is_left_out_and_other_words_are_sent()
    {
        await using var upstream = await RefusingAsync(body => body.Contains("xhigh", StringComparison.Ordinal)
            ? (400, """{"error":{"message":"Unsupported value: 'reasoning_effort' does not support 'xhigh'.","param":"reasoning_effort","code":"unsupported_value"}}""")
            : (200, Good));
        foreach (var effort in (string[])["xhigh", "low", "xhigh"])
        {
            await using var response = await upstream.Provider.SendAsync(upstream.Call($$"""{"reasoning_effort":"{{effort}}"}"""), CancellationToken.None);
        }

        Assert.Equal(4, upstream.Requests.Count);
        Assert.Contains("\"low\"", upstream.Requests[2].Body, StringComparison.Ordinal);
        Assert.DoesNotContain("reasoning_effort", upstream.Requests[3].Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Several_parameters_are_mended_in_one_call_and_each_model_has_its_own_cures()
    {
        await using var upstream = await RefusingAsync(body =>
            body.Contains("other-model", StringComparison.Ordinal) ? (200, Good)
            : body.Contains("temperature", StringComparison.Ordinal) ? (400, """{"error":{"message":"Unsupported parameter: 'temperature'"}}""")
            : body.Contains("\"max_tokens", StringComparison.Ordinal) ? (400, """{"error":{"message":"Unsupported parameter: 'max_tokens'"}}""")
            : (200, Good));
        var call = upstream.Call("""{"max_tokens":5,"temperature":0}""");
        await using var first = await upstream.Provider.SendAsync(call, CancellationToken.None);
        await using var other = await upstream.Provider.SendAsync(call with { Model = "other-model" }, CancellationToken.None);
        Assert.Equal("""{"max_completion_tokens":5,"model":"real-model"}""", upstream.Requests[2].Body);
        Assert.Equal("""{"max_tokens":5,"temperature":0,"model":"other-model"}""", upstream.Requests[3].Body);
    }

    [Theory]
    [InlineData("""{"temperature":0,"stop":"x"}""", """{"stop":"x","model":"real-model","top_k":40,"safe":{"a":[1]}}""")]
    [InlineData("""{"max_tokens":5,"top_k":1}""", """{"max_output_tokens":5,"top_k":1,"model":"real-model","safe":{"a":[1]}}""")]
    [InlineData("""{"max_tokens":5,"max_output_tokens":6,"safe":null}""", """{"max_output_tokens":6,"safe":null,"model":"real-model","top_k":40}""")]
    public async Task An_arms_configuration_drops_renames_and_fills_in(string request, string expected)
    {
        await using var upstream = await RefusingAsync(_ => (200, Good));
        var options = new CallOptions
        {
            DropParameters = ["temperature"],
            RenameParameters = [new("max_tokens", "max_output_tokens")],
            Defaults = [new("top_k", "40"), new("safe", """{"a":[1]}"""), new("temperature", "1")],
        };
        await using var response = await upstream.Provider.SendAsync(upstream.Call(request) with { Options = options with { Defaults = [.. options.Defaults.Take(2)] } }, CancellationToken.None);
        Assert.Equal(expected, upstream.Requests[0].Body);
        Assert.Empty(response.Headers);
    }

    [Fact]
    public async Task A_default_limit_gives_way_to_the_clients_under_its_other_name()
    {
        await using var upstream = await RefusingAsync(_ => (200, Good));
        var call = upstream.Call("""{"max_completion_tokens":5}""") with { Options = new CallOptions { Defaults = [new("max_tokens", "9")] } };
        await using var response = await upstream.Provider.SendAsync(call, CancellationToken.None);
        Assert.Equal("""{"max_completion_tokens":5,"model":"real-model"}""", upstream.Requests[0].Body);
    }

    private static async Task<Upstream> RefusingAsync(Func<string, (int Status, string Answer)> answer)
    {
        Upstream? upstream = null;
        return upstream = await Upstream.StartAsync(c =>
        {
            var (status, text) = answer(upstream!.Requests[^1].Body);
            c.Response.StatusCode = status;
            return text.StartsWith("data:", StringComparison.Ordinal) ? Upstream.EventAsync(c, text) : c.Response.WriteAsync(text);
        });
    }

    private static Task<ChatProviderException> FailAsync(Upstream upstream, string body) =>
        Assert.ThrowsAsync<ChatProviderException>(() => upstream.Provider.SendAsync(upstream.Call(body), CancellationToken.None).AsTask());
}
