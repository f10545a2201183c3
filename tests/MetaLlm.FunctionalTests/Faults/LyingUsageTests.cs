using System.Text.Json.Nodes;
using MetaLlm.FunctionalTests.Upstreams;

namespace MetaLlm.FunctionalTests.Faults;

/// <summary>Counts of upstreams that cannot be right, and such as mean something else than they say.</summary>
public sealed class LyingUsageTests(HostileUpstreams upstreams) : IClassFixture<HostileUpstreams>
{
    private const double InputUsd = 1e-6;
    private const double OutputUsd = 10e-6;

    /// <summary>400 words, which no tokenizer takes for less than 100 tokens or more than 2,000.</summary>
    private static readonly string Words = string.Concat(Enumerable.Repeat("words ", 400));

    [Theory]
    [InlineData("""{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":0,"total_tokens":10}""")]
    [InlineData("""{"prompt_tokens":10}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":1e20}""")]
    [InlineData("""{"prompt_tokens":1e20,"completion_tokens":1e20}""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":-5}""")]
    [InlineData("""{"prompt_tokens":"10","completion_tokens":"400"}""")]
    [InlineData("null")]
    public async Task A_count_that_the_text_contradicts_is_replaced_by_an_estimate(string usage)
    {
        foreach (var stream in (bool[])[false, true])
        {
            var one = upstreams.Case(async call =>
            {
                if (!call.Stream)
                {
                    await call.JsonAsync(200, Answers.Plain(Words, JsonNode.Parse(usage)));
                    return;
                }

                await call.EventAsync(Answers.Delta(new { content = Words }));
                await Answers.EndAsync(call, JsonNode.Parse(usage));
            });
            var id = stream ? (await one.StreamAsync()).DecisionId! : (await one.PlainAsync()).Ok().DecisionId;
            var settlement = (await one.SettledAsync(id)).GetProperty("settlement");
            Assert.InRange(settlement.GetProperty("completion_tokens").GetDouble(), 100, 2000);
            Assert.InRange(settlement.GetProperty("prompt_tokens").GetDouble(), 1, 100);
            Assert.InRange(settlement.GetProperty("cost_usd").GetDouble(), 100 * OutputUsd, (100 * InputUsd) + (2000 * OutputUsd));
        }
    }

    [Fact]
    public async Task A_zero_prompt_is_replaced_and_the_completion_believed()
    {
        var one = upstreams.Case(call => call.JsonAsync(200, Answers.Plain(Words, new { prompt_tokens = 0, completion_tokens = 400, total_tokens = 400 })));
        var settlement = (await one.SettledAsync((await one.PlainAsync()).Ok().DecisionId)).GetProperty("settlement");
        Assert.Equal(400, settlement.GetProperty("completion_tokens").GetDouble());
        Assert.InRange(settlement.GetProperty("prompt_tokens").GetDouble(), 1, 100);
    }

    [Theory]
    [InlineData(135, 103)]
    [InlineData(41, 9)]
    public async Task Reasoning_is_billed_whether_or_not_the_completion_contains_it(int total, double billed)
    {
        var usage = new { prompt_tokens = 32, completion_tokens = 9, total_tokens = total, completion_tokens_details = new { reasoning_tokens = total == 41 ? 5 : 94 } };
        var one = upstreams.Case(call => call.JsonAsync(200, Answers.Plain("nine tokens of text that one can see", usage)));
        var settlement = (await one.SettledAsync((await one.PlainAsync()).Ok().DecisionId)).GetProperty("settlement");
        Assert.Equal(billed, settlement.GetProperty("completion_tokens").GetDouble());
        Assert.Equal((32 * InputUsd) + (billed * OutputUsd), settlement.GetProperty("cost_usd").GetDouble(), 12);
    }

    [Fact]
    public async Task The_price_that_an_upstream_states_is_what_is_booked()
    {
        var one = upstreams.Case(call => call.JsonAsync(200, Answers.Plain("hi", new { prompt_tokens = 10, completion_tokens = 3, total_tokens = 13, cost = 0.000123 })));
        var settlement = (await one.SettledAsync((await one.PlainAsync()).Ok().DecisionId)).GetProperty("settlement");
        Assert.Equal(0.000123, settlement.GetProperty("cost_usd").GetDouble(), 12);
        Assert.Equal(3, settlement.GetProperty("completion_tokens").GetDouble());
    }

    [Fact]
    public async Task Answers_that_count_nothing_do_not_make_a_model_cheap()
    {
        var one = upstreams.Case(call => call.JsonAsync(200, Answers.Plain(Words, new { prompt_tokens = 0, completion_tokens = 0 })));
        for (var i = 0; i < 20; i++)
        {
            (await one.PlainAsync("a")).Ok();
        }

        // 400 words are more than the 256 tokens that were expected.
        var decision = (await one.Client.PostAsync("/v1/route", Client.Chat("Say something.", "a"))).Ok().Json;
        var predicted = decision.GetProperty("arms").EnumerateArray().Single(arm => arm.GetProperty("id").GetString() == "a").GetProperty("cost_usd").GetDouble();
        Assert.InRange(predicted, 256 * OutputUsd, 2000 * OutputUsd);
    }

    [Fact]
    public async Task One_absurd_count_ruins_neither_spend_nor_predictions()
    {
        var absurd = true;
        var one = upstreams.Case(call => call.JsonAsync(200, Answers.Plain(Words, absurd
            ? new { prompt_tokens = 1e12, completion_tokens = 1e12 }
            : new { prompt_tokens = 10.0, completion_tokens = 400.0 })));
        (await one.PlainAsync()).Ok();
        Volatile.Write(ref absurd, false);
        (await one.PlainAsync()).Ok();

        Assert.InRange((await one.Client.GetAsync("/v1/policy")).Ok().Json.GetProperty("spend_usd").GetDouble(), 0, 0.1);
        var decision = (await one.Client.PostAsync("/v1/route", Client.Chat("Say something."))).Ok().Json;
        Assert.All(decision.GetProperty("arms").EnumerateArray(), arm => Assert.InRange(arm.GetProperty("cost_usd").GetDouble(), 0, 0.1));
    }
}
