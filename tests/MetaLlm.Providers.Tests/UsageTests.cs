using System.Globalization;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Providers.Tests;

/// <summary>What a provider says it counted is worth what the text makes of it.</summary>
public sealed class UsageTests
{
    private static readonly UsagePrices Prices = UsagePrices.From(TokenPrices.PerMillion(1, 10, 0.5));

    // 400 characters of Latin text are 100 tokens; the request is estimated at 7.
    private static readonly string Words = string.Concat(Enumerable.Repeat("word ", 80));

    [Theory]
    [InlineData("""{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""", 7, 0, 100)]
    [InlineData("""{"prompt_tokens":0,"completion_tokens":90}""", 7, 0, 90)]
    [InlineData("""{"prompt_tokens":12,"completion_tokens":0}""", 12, 0, 100)]
    [InlineData("""{"prompt_tokens":12}""", 12, 0, 100)]
    [InlineData("""{"completion_tokens":90}""", 7, 0, 90)]
    [InlineData("""{"prompt_tokens":-5,"completion_tokens":90}""", 7, 0, 90)]
    [InlineData("""{"prompt_tokens":12,"completion_tokens":1}""", 12, 0, 100)]
    [InlineData("""{"prompt_tokens":12,"total_tokens":100}""", 12, 0, 88)]
    [InlineData("""{"prompt_tokens":"12","completion_tokens":"90"}""", 12, 0, 90)]
    [InlineData("""{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,"completion_tokens_details":{"reasoning_tokens":94}}""", 32, 0, 103)]
    [InlineData("""{"prompt_tokens":32,"completion_tokens":9,"total_tokens":41,"completion_tokens_details":{"reasoning_tokens":4}}""", 32, 0, 9)]
    [InlineData("""{"prompt_tokens":32,"completion_tokens":90,"total_tokens":1e15}""", 32, 0, 90)]
    [InlineData("""{"prompt_tokens":32,"completion_tokens":90000,"completion_tokens_details":{"reasoning_tokens":89900}}""", 32, 0, 90_000)]
    [InlineData("""{"prompt_tokens":1e20,"completion_tokens":1e20}""", 7, 0, 100)]
    [InlineData("""{"prompt_tokens":12,"completion_tokens":1e9}""", 12, 0, 100)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":90,"prompt_tokens_details":{"cached_tokens":40}}""", 100, 40, 90)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":90,"prompt_tokens_details":{"cached_tokens":400}}""", 100, 100, 90)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":90,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}""", 100, 64, 90)]
    [InlineData("""{"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36,"completion_tokens":90}""", 100, 64, 90)]
    [InlineData("""{"input_tokens":10,"output_tokens":90,"cache_read_input_tokens":50,"cache_creation_input_tokens":20}""", 80, 50, 90)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":90,"total_tokens":150,"prompt_tokens_details":{"cached_tokens":50}}""", 60, 50, 90)]
    public async Task A_count_is_believed_as_far_as_the_text_allows(string usage, double input, double cached, double output)
    {
        var part = await PlainAsync(usage);
        Assert.Equal(new TokenUsage(input, cached, output), part.Usage);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("5")]
    [InlineData("""{"prompt_tokens":null}""")]
    public async Task No_count_is_no_count(string usage) => Assert.Null((await PlainAsync(usage)).Usage);

    [Theory]
    [InlineData(64, 70, 70)]
    [InlineData(64, 5000, 64)]
    [InlineData(null, 200_000, 200_000)]
    public async Task The_limit_of_the_request_bounds_what_hidden_reasoning_and_estimates_can_be(int? limit, double reported, double believed)
    {
        var body = limit is null ? "{}" : "{\"max_completion_tokens\":" + limit + "}";
        Assert.Equal(believed, (await PlainAsync("{\"prompt_tokens\":12,\"completion_tokens\":" + reported.ToString(CultureInfo.InvariantCulture) + "}", body)).Usage!.Value.Output);
    }

    [Fact]
    public async Task Each_choice_may_reach_the_limit() =>
        Assert.Equal(640, (await PlainAsync("""{"prompt_tokens":12,"completion_tokens":640}""", """{"max_tokens":64,"n":10}""")).Usage!.Value.Output);

    [Fact]
    public async Task The_models_own_limits_bound_counts_where_the_request_has_none()
    {
        var options = new CallOptions { ContextTokens = 1000, MaxOutputTokens = 500 };
        var part = await PlainAsync("""{"prompt_tokens":5000,"completion_tokens":5000}""", options: options);
        Assert.Equal(new TokenUsage(7, 0, 100), part.Usage);
    }

    [Theory]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":100,"cost":0.00042}""", 0.00042)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":100,"cost":0}""", null)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":100,"cost":1e12}""", null)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":100,"cost":"cheap"}""", null)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":100,"cost":{"total_cost":0.002}}""", 0.002)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":100,"cost":0.001,"is_byok":true,"cost_details":{"upstream_inference_cost":0.02}}""", 0.021)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":100}""", null)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":100,"cache_creation_input_tokens":40}""", (60 + (40 * 1.25) + 1000) / 1e6)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":100,"prompt_tokens_details":{"cached_tokens":20,"cache_write_tokens":40}}""", (40 + (40 * 1.25) + 10 + 1000) / 1e6)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":100,"prompt_tokens_details":{"audio_tokens":50},"completion_tokens_details":{"audio_tokens":80}}""", (50 + (50 * 40) + 200 + (80 * 100)) / 1e6)]
    public async Task The_bill_is_the_providers_or_follows_from_the_kinds_of_tokens(string usage, double? invoice)
    {
        var options = new CallOptions { Prices = Prices with { AudioInput = 40e-6, AudioOutput = 100e-6 } };
        var part = await PlainAsync(usage, options: options);
        Assert.Equal(new TokenUsage(100, usage.Contains("cached", StringComparison.Ordinal) ? 20 : 0, 100), part.Usage);
        Assert.Equal(invoice ?? double.NaN, part.InvoiceUsd ?? double.NaN, 1e-12);
    }

    [Fact]
    public async Task A_count_that_came_early_is_judged_by_the_text_that_came_later()
    {
        var first = """data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""}}],"usage":{"prompt_tokens":12,"completion_tokens":1}}""" + "\n\n";
        var text = $$"""data: {"choices":[{"index":0,"delta":{"content":"{{Words}}"},"finish_reason":"stop"}]}""" + "\n\n";
        await using var upstream = await Upstream.StartAsync(c => Upstream.EventAsync(c, first + text + "data: [DONE]\n\n"));
        await using var response = await upstream.Provider.SendAsync(upstream.Call("{}", stream: true), CancellationToken.None);
        Assert.Equal(new TokenUsage(12, 0, 100), (await Upstream.ReadAsync(response)).Raw[^1].Usage);
    }

    [Theory]
    [InlineData("abcd", 4, 4)]
    [InlineData("\\u00e9\\n", 2, 3)]
    [InlineData("\u6f22\u5b57", 2, 6)]
    [InlineData("\\ud83d\\ude00", 1, 4)]
    [InlineData("\ud83d\ude00", 1, 4)]
    public async Task Text_is_counted_in_characters_and_bytes_with_its_escapes_undone(string text, int characters, int bytes)
    {
        await using var upstream = await Upstream.StartAsync(c => c.Response.WriteAsync("{\"choices\":[{\"message\":{\"content\":\"" + text + "\"}}]}"));
        await using var response = await upstream.Provider.SendAsync(upstream.Call("{}"), CancellationToken.None);
        var part = (await Upstream.ReadAsync(response)).Raw[0];
        Assert.Equal((characters, bytes), (part.OutputCharacters, part.OutputBytes));
    }

    [Fact]
    public async Task Reasoning_under_two_names_is_counted_once_and_arguments_of_tools_are_text()
    {
        const string Message = """{"reasoning":"abcd","reasoning_content":"abcd","reasoning_details":[{"type":"reasoning.text","text":"abcd"}],"tool_calls":[{"id":"id1","type":"function","function":{"name":"f","arguments":"{}"}}],"annotations":[{"title":"long text of a page"}]}""";
        await using var upstream = await Upstream.StartAsync(c => c.Response.WriteAsync("{\"choices\":[{\"message\":" + Message + "}]}"));
        await using var response = await upstream.Provider.SendAsync(upstream.Call("{}"), CancellationToken.None);
        Assert.Equal(7, (await Upstream.ReadAsync(response)).Raw[0].OutputCharacters);
    }

    private static async Task<ChatPart> PlainAsync(string usage, string body = "{}", CallOptions? options = null)
    {
        await using var upstream = await Upstream.StartAsync(c =>
            c.Response.WriteAsync("{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"" + Words + "\"},\"finish_reason\":\"stop\"}],\"usage\":" + usage + "}"));
        var call = upstream.Call(body) with { InputTokens = 7, Options = options ?? CallOptions.None };
        await using var response = await upstream.Provider.SendAsync(call, CancellationToken.None);
        return (await Upstream.ReadAsync(response)).Raw[0];
    }
}
