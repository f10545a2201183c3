using static MetaLlm.Simulator.Tests.RunningSimulator;

namespace MetaLlm.Simulator.Tests;

public class ToolCallTests
{
    private static readonly object[] Tools =
    [
        new
        {
            type = "function",
            function = new { name = "look_up", parameters = new { type = "object", properties = new { query = new { type = "string" }, limit = new { type = "integer" }, exact = new { type = "boolean" } } } },
        },
        new { type = "function", function = new { name = "stop" } },
    ];

    [Fact]
    public async Task A_required_tool_is_called_with_arguments_that_fit_its_schema()
    {
        await using var sim = await StartAsync();
        using var response = await sim.PostAsync(With(Chat("sim-large", "Find it"), ("tools", Tools), ("tool_choice", "required")));
        var choice = (await ReadAsync(response)).GetProperty("choices")[0];
        var call = Assert.Single(choice.GetProperty("message").GetProperty("tool_calls").EnumerateArray());

        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(JsonValueKind.Null, choice.GetProperty("message").GetProperty("content").ValueKind);
        Assert.Equal("function", call.GetProperty("type").GetString());
        Assert.Equal("look_up", call.GetProperty("function").GetProperty("name").GetString());
        Assert.Equal("""{"query":"Find it","limit":1,"exact":true}""", call.GetProperty("function").GetProperty("arguments").GetString());
    }

    [Fact]
    public async Task A_named_tool_is_called_in_a_stream_whose_pieces_add_up()
    {
        await using var sim = await StartAsync();
        var choice = new { type = "function", function = new { name = "look_up" } };
        using var response = await sim.PostAsync(With(Chat("sim-large", "Find it"), ("tools", Tools), ("tool_choice", choice), ("stream", true)));
        var choices = (await EventsAsync(response))[..^1].Select(text => JsonDocument.Parse(text).RootElement.GetProperty("choices")[0]).ToList();
        var calls = choices[..^1].Select(c => Assert.Single(c.GetProperty("delta").GetProperty("tool_calls").EnumerateArray())).ToList();

        Assert.Equal("look_up", calls[0].GetProperty("function").GetProperty("name").GetString());
        Assert.All(calls, call => Assert.Equal(0, call.GetProperty("index").GetInt32()));
        Assert.Equal("""{"query":"Find it","limit":1,"exact":true}""", string.Concat(calls.Select(call => call.GetProperty("function").GetProperty("arguments").GetString())));
        Assert.Equal("tool_calls", choices[^1].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task Optional_tools_are_left_alone()
    {
        await using var sim = await StartAsync();
        using var response = await sim.PostAsync(With(Chat("sim-large", sim.AnyTask.Prompt), ("tools", Tools), ("tool_choice", "auto")));
        Assert.Equal("stop", (await ReadAsync(response)).GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task A_call_of_a_tool_that_is_not_declared_is_refused()
    {
        await using var sim = await StartAsync();
        using var missing = await sim.PostAsync(With(Chat("sim-large", "Find it"), ("tool_choice", "required")));
        using var unknown = await sim.PostAsync(With(Chat("sim-large", "Find it"), ("tools", Tools), ("tool_choice", new { type = "function", function = new { name = "fly" } })));
        Assert.Equal("tools", (await ReadAsync(missing)).GetProperty("error").GetProperty("param").GetString());
        Assert.Contains("'fly'", (await ReadAsync(unknown)).GetProperty("error").GetProperty("message").GetString(), StringComparison.Ordinal);
    }
}
