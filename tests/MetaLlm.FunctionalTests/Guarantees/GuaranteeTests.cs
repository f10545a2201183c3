using System.Text.RegularExpressions;

namespace MetaLlm.FunctionalTests.Guarantees;

public sealed class GuaranteeTests
{
    [Fact]
    public async Task Answers_are_those_of_the_reference_but_for_the_promised_rate_for_less_money_and_a_restart_keeps_the_certificate()
    {
        const int Requests = 400;
        await using var promised = await PromisedGateway.StartAsync();
        var tenant = promised.Of("promised");
        var (differing, early) = (0, new List<string>());
        for (var i = 0; i < Requests; i++)
        {
            var text = i % 4 == 0 ? await StreamAsync(tenant, i) : (await tenant.ChatAsync($"Question {i}?")).Ok().Text;
            differing += Regex.Match(text, "(?i)answer is\\s+(-?\\d+)").Groups[1].Value == $"{i}" ? 0 : 1;
            if (i < 10)
            {
                early.Add(text);
            }
        }

        Assert.All(early, text => Assert.Contains("I have thought", text, StringComparison.Ordinal));
        Assert.InRange(differing, 0, Requests / 10);

        var guarantee = await promised.GuaranteeAsync("promised");
        var certificate = guarantee.GetProperty("certificate");
        Assert.Equal(Requests, certificate.GetProperty("total").GetProperty("requests").GetInt64());
        Assert.True(certificate.GetProperty("used_up").GetDouble() <= certificate.GetProperty("allowed").GetDouble());
        Assert.True(certificate.GetProperty("total").GetProperty("diverted").GetInt64() > Requests / 4, certificate.ToString());
        Assert.Equal(0, certificate.GetProperty("arms").EnumerateArray().Single(arm => arm.GetProperty("id").GetString() == "wild").GetProperty("requests").GetInt64());

        // What was asked beside is paid, and is nobody's but the guarantee's.
        var (beside, served) = (guarantee.GetProperty("spend_usd").GetDouble(), (await tenant.GetAsync("/v1/policy")).Ok().Json.GetProperty("spend_usd").GetDouble());
        Assert.True(beside > 0);
        Assert.InRange(beside + served, Requests * PromisedGateway.SmallUsd, 0.8 * Requests * PromisedGateway.LargeUsd);
        var calls = promised.Called.GroupBy(model => model).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal((calls["large"] * PromisedGateway.LargeUsd) + (calls["small"] * PromisedGateway.SmallUsd) + (calls.GetValueOrDefault("wild") * PromisedGateway.SmallUsd / 2), beside + served, 9);

        await promised.RestartAsync();
        Assert.Equal(certificate.ToString(), (await promised.GuaranteeAsync("promised")).GetProperty("certificate").ToString());
        (await promised.Of("promised").ChatAsync("Question 1000?")).Ok();
        Assert.Equal(Requests + 1, (await promised.GuaranteeAsync("promised")).GetProperty("certificate").GetProperty("total").GetProperty("requests").GetInt64());
    }

    [Fact]
    public async Task Without_money_for_questions_beside_the_reference_serves_and_when_it_fails_nobody_takes_over()
    {
        await using var promised = await PromisedGateway.StartAsync();
        var tenant = promised.Of("poor");
        for (var i = 0; i < 20; i++)
        {
            var reply = (await tenant.ChatAsync($"Question {i}?")).Ok();
            Assert.Contains("I have thought", reply.Text, StringComparison.Ordinal);
            var decision = (await tenant.GetAsync($"/v1/decisions/{reply.DecisionId}")).Ok().Json;
            Assert.Equal(0, decision.GetProperty("guarantee").GetProperty("bound").GetDouble());
        }

        Assert.Equal(0, (await promised.GuaranteeAsync("poor")).GetProperty("spend_usd").GetDouble());
        Assert.Equal(HttpStatusCode.BadGateway, (await tenant.ChatAsync("Fail 3?")).Status);
        Assert.DoesNotContain("small", promised.Called);
        Assert.DoesNotContain("wild", promised.Called);

        // Whoever names a model has it, and whoever wants several answers has the reference's.
        Assert.Contains("The answer is 3.", (await tenant.ChatAsync("Question 3?", "small")).Ok().Text, StringComparison.Ordinal);
        var several = (await tenant.PostAsync("/v1/chat/completions", new { model = "auto", n = 2, messages = new[] { new { role = "user", content = "Question 4?" } } })).Ok();
        Assert.Contains("I have thought", several.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_may_say_whether_answers_say_the_same()
    {
        await using var promised = await PromisedGateway.StartAsync();
        var tenant = promised.Of("judged");
        for (var i = 0; i < 80; i++)
        {
            (await tenant.ChatAsync($"Question {i}?")).Ok();
        }

        var certificate = (await promised.GuaranteeAsync("judged")).GetProperty("certificate");
        Assert.Equal("model", certificate.GetProperty("equality").GetString()!.Split('-')[0]);
        Assert.True(certificate.GetProperty("total").GetProperty("diverted").GetInt64() > 0, certificate.ToString());
        Assert.Contains("judge", promised.Called);
    }

    private static async Task<string> StreamAsync(Client tenant, int i)
    {
        using var response = await tenant.StreamAsync(new { model = "auto", stream = true, messages = new[] { new { role = "user", content = $"Question {i}?" } } });
        var events = await response.Content.ReadAsStringAsync();
        return string.Concat(Regex.Matches(events, "\"content\":\"([^\"]*)\"").Select(match => match.Groups[1].Value));
    }
}
