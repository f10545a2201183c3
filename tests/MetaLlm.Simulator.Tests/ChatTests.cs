using static MetaLlm.Simulator.Tests.RunningSimulator;

namespace MetaLlm.Simulator.Tests;

public class ChatTests
{
    [Fact]
    public async Task A_reply_has_the_shape_of_the_api_and_the_usage_that_was_foretold()
    {
        await using var sim = await StartAsync();
        using var response = await sim.AskAsync("sim-coder", sim.AnyTask.Prompt);
        var body = await ReadAsync(response);
        var usage = sim.Server.Truth.UsageFor(DefaultModels.Coder, sim.AnyTask);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("chat.completion", body.GetProperty("object").GetString());
        Assert.Equal("sim-coder", body.GetProperty("model").GetString());
        var choice = Assert.Single(body.GetProperty("choices").EnumerateArray());
        Assert.Equal("assistant", choice.GetProperty("message").GetProperty("role").GetString());
        Assert.Equal(sim.Server.Truth.ReplyTo(DefaultModels.Coder, sim.AnyTask), choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(usage.PromptTokens, body.GetProperty("usage").GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(usage.CompletionTokens, body.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
        Assert.Equal(usage.TotalTokens, body.GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.Equal(0, body.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32());
        Assert.Equal(DefaultModels.Coder.Price.CostOf(usage), sim.Server.Stats.For("sim-coder").CostUsd);
    }

    [Fact]
    public async Task Served_answers_are_the_ones_the_truth_foretells_for_every_model_and_type()
    {
        await using var sim = await StartAsync();
        foreach (var model in sim.Server.Models.All)
        {
            foreach (var task in sim.Server.Catalog.Draw(40, 4))
            {
                Assert.Equal(sim.Server.Truth.WouldAnswerCorrectly(model, task), AnswerChecker.IsCorrect(task, await sim.ReplyAsync(model.Name, task.Prompt)));
            }
        }
    }

    [Fact]
    public async Task Two_simulators_of_one_seed_agree_and_of_two_seeds_do_not()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        await using var other = await StartAsync(options => options with { Seed = 2 });
        var prompts = first.Server.Catalog.Draw(30, 1).Select(task => task.Prompt).ToArray();

        Assert.Equal(await Replies(first), await Replies(second));
        Assert.NotEqual(first.Server.Catalog.Tasks[5].Prompt, other.Server.Catalog.Tasks[5].Prompt);

        async Task<List<string>> Replies(RunningSimulator sim)
        {
            var replies = new List<string>();
            foreach (var prompt in prompts)
            {
                replies.Add(await sim.ReplyAsync("sim-large", prompt));
            }

            return replies;
        }
    }

    [Fact]
    public async Task A_stream_carries_role_text_finish_reason_usage_and_end()
    {
        await using var sim = await StartAsync();
        using var response = await sim.AskAsync("sim-math", sim.AnyTask.Prompt, stream: true);
        var events = await EventsAsync(response);
        var chunks = events[..^1].Select(text => JsonDocument.Parse(text).RootElement).ToList();
        var deltas = chunks[..^1].Select(chunk => chunk.GetProperty("choices")[0]).ToList();

        Assert.StartsWith("text/event-stream", response.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        Assert.Equal("[DONE]", events[^1]);
        Assert.All(chunks, chunk => Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString()));
        Assert.Equal("assistant", deltas[0].GetProperty("delta").GetProperty("role").GetString());
        Assert.Equal(sim.Server.Truth.ReplyTo(DefaultModels.Math, sim.AnyTask), string.Concat(deltas[1..^1].Select(delta => delta.GetProperty("delta").GetProperty("content").GetString())));
        Assert.All(deltas[..^1], delta => Assert.Equal(JsonValueKind.Null, delta.GetProperty("finish_reason").ValueKind));
        Assert.Equal("stop", deltas[^1].GetProperty("finish_reason").GetString());
        Assert.Empty(chunks[^1].GetProperty("choices").EnumerateArray());
        Assert.Equal(sim.Server.Truth.UsageFor(DefaultModels.Math, sim.AnyTask).TotalTokens, chunks[^1].GetProperty("usage").GetProperty("total_tokens").GetInt32());
        Assert.All(chunks[..^1], chunk => Assert.Equal(JsonValueKind.Null, chunk.GetProperty("usage").ValueKind));
    }

    [Fact]
    public async Task A_stream_without_the_usage_option_has_no_usage()
    {
        await using var sim = await StartAsync();
        using var response = await sim.PostAsync(With(Chat("sim-math", sim.AnyTask.Prompt), ("stream", true)));
        var events = await EventsAsync(response);
        Assert.All(events[..^1], text => Assert.False(JsonDocument.Parse(text).RootElement.TryGetProperty("usage", out _)));
        Assert.Equal("[DONE]", events[^1]);
    }

    [Theory]
    [InlineData("max_tokens")]
    [InlineData("max_completion_tokens")]
    public async Task A_token_limit_cuts_the_reply(string field)
    {
        await using var sim = await StartAsync();
        using var response = await sim.PostAsync(With(Chat("sim-large", sim.AnyTask.Prompt), (field, 7)));
        var body = await ReadAsync(response);
        Assert.Equal("length", body.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.Equal(7, body.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task A_text_outside_the_catalogue_gets_a_generic_reply_that_takes_it_up()
    {
        await using var sim = await StartAsync();
        var reply = await sim.ReplyAsync("sim-nano", "Tell me about the sea.");
        Assert.Contains("Tell me about the sea.", reply, StringComparison.Ordinal);
        Assert.Contains("simulated", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_last_user_message_is_what_is_asked_also_in_parts()
    {
        await using var sim = await StartAsync();
        using var response = await sim.PostAsync(new
        {
            model = "sim-math",
            messages = new object[]
            {
                new { role = "system", content = "Be brief." }, new { role = "user", content = "Hello" }, new { role = "assistant", content = (string?)null },
                new { role = "user", content = new[] { new { type = "text", text = sim.AnyTask.Prompt } } },
            },
        });
        var text = (await ReadAsync(response)).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString();
        Assert.Equal(sim.Server.Truth.ReplyTo(DefaultModels.Math, sim.AnyTask), text);
    }

    [Fact]
    public async Task Fields_unknown_to_the_api_come_back_as_an_echo()
    {
        await using var sim = await StartAsync();
        using var response = await sim.PostAsync(With(Chat("sim-nano", sim.AnyTask.Prompt), ("x_trace", new { deep = new[] { 1, 2 } }), ("user", "somebody")));
        var echo = (await ReadAsync(response)).GetProperty("echo");
        Assert.Equal("""{"x_trace":{"deep":[1,2]}}""", echo.GetRawText());
    }

    [Fact]
    public async Task A_long_beginning_is_cached_the_second_time_and_billed_at_the_cached_price()
    {
        await using var sim = await StartAsync();
        var system = string.Concat(Enumerable.Repeat("word ", 1_300));
        var body = new { model = "sim-large", messages = new[] { new { role = "system", content = system }, new { role = "user", content = sim.AnyTask.Prompt } } };
        using var first = await sim.PostAsync(body);
        using var second = await sim.PostAsync(body);

        Assert.Equal(0, Cached(await ReadAsync(first)));
        Assert.Equal(1_280, Cached(await ReadAsync(second)));
        Assert.Equal(1_280, sim.Server.Stats.For("sim-large").CachedTokens);

        static int Cached(JsonElement reply) => reply.GetProperty("usage").GetProperty("prompt_tokens_details").GetProperty("cached_tokens").GetInt32();
    }

    [Fact]
    public async Task Noise_moves_answers_with_the_request_seed_and_only_if_it_is_switched_on()
    {
        await using var sim = await StartAsync(options => options with { SamplingNoise = 1 });
        var tasks = sim.Server.Catalog.Tasks.Where(task => task.Difficulty is > 0.4 and < 0.6).Take(20).ToArray();
        var cold = await Verdicts(("temperature", 0));

        Assert.Equal(tasks.Select(task => sim.Server.Truth.WouldAnswerCorrectly(DefaultModels.Nano, task)), cold);
        Assert.Equal(await Verdicts(("seed", 1)), await Verdicts(("seed", 1)));
        Assert.NotEqual(cold, await Verdicts(("seed", 1)));

        async Task<List<bool>> Verdicts((string, object?) field)
        {
            var verdicts = new List<bool>();
            foreach (var task in tasks)
            {
                using var response = await sim.PostAsync(With(Chat("sim-nano", task.Prompt), field));
                verdicts.Add(AnswerChecker.IsCorrect(task, (await ReadAsync(response)).GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()));
            }

            return verdicts;
        }
    }

    [Fact]
    public async Task Models_are_listed_and_found_by_name()
    {
        await using var sim = await StartAsync();
        var list = JsonDocument.Parse(await sim.Client.GetStringAsync(new Uri("v1/models", UriKind.Relative))).RootElement;
        Assert.Equal([.. DefaultModels.All.Select(model => model.Name), .. DefaultEmbeddingModels.All.Select(model => model.Name)], list.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        using var missing = await sim.Client.GetAsync(new Uri("v1/models/gpt-x", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }
}
