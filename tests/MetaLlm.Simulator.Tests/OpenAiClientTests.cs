using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;
using OpenAI.Chat;

namespace MetaLlm.Simulator.Tests;

/// <summary>The vendor's own client is the judge of whether the surface is compatible.</summary>
public class OpenAiClientTests
{
    [Fact]
    public async Task The_official_client_completes_a_chat()
    {
        await using var sim = await RunningSimulator.StartAsync(options => options with { ApiKey = "secret" });
        ChatCompletion completion = await Client(sim, "sim-math").CompleteChatAsync(sim.AnyTask.Prompt);
        var usage = sim.Server.Truth.UsageFor(DefaultModels.Math, sim.AnyTask);

        Assert.Equal(sim.Server.Truth.ReplyTo(DefaultModels.Math, sim.AnyTask), completion.Content[0].Text);
        Assert.Equal(ChatFinishReason.Stop, completion.FinishReason);
        Assert.Equal((usage.PromptTokens, usage.CompletionTokens), (completion.Usage.InputTokenCount, completion.Usage.OutputTokenCount));
    }

    [Fact]
    public async Task The_official_client_reads_a_stream_to_its_usage()
    {
        await using var sim = await RunningSimulator.StartAsync(options => options with { ApiKey = "secret" });
        var text = string.Empty;
        ChatTokenUsage? usage = null;
        await foreach (var update in Client(sim, "sim-coder").CompleteChatStreamingAsync(sim.AnyTask.Prompt))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            usage = update.Usage ?? usage;
        }

        Assert.Equal(sim.Server.Truth.ReplyTo(DefaultModels.Coder, sim.AnyTask), text);
        Assert.Equal(sim.Server.Truth.UsageFor(DefaultModels.Coder, sim.AnyTask).TotalTokens, usage?.TotalTokenCount);
    }

    [Fact]
    public async Task The_official_client_receives_a_tool_call()
    {
        await using var sim = await RunningSimulator.StartAsync(options => options with { ApiKey = "secret" });
        var schema = BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}""");
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("weather", null, schema) }, ToolChoice = ChatToolChoice.CreateRequiredChoice() };
        ChatCompletion completion = await Client(sim, "sim-large").CompleteChatAsync([new UserChatMessage("Oslo")], options);

        var call = Assert.Single(completion.ToolCalls);
        Assert.Equal(ChatFinishReason.ToolCalls, completion.FinishReason);
        Assert.Equal(("weather", """{"city":"Oslo"}"""), (call.FunctionName, call.FunctionArguments.ToString()));
    }

    [Fact]
    public async Task The_official_client_reports_a_fault_with_its_status()
    {
        await using var sim = await RunningSimulator.StartAsync(options => options with { ApiKey = "secret", Faults = [new FaultRule { Kind = FaultKind.RateLimit }] });
        var error = await Assert.ThrowsAsync<ClientResultException>(() => Client(sim, "sim-nano").CompleteChatAsync(sim.AnyTask.Prompt));
        Assert.Equal(429, error.Status);
        Assert.Contains("Rate limit reached for sim-nano", error.Message, StringComparison.Ordinal);
    }

    private static ChatClient Client(RunningSimulator sim, string model) => new(
        model,
        new ApiKeyCredential("secret"),
        new OpenAIClientOptions { Endpoint = new Uri(sim.Server.BaseAddress, "v1"), RetryPolicy = new ClientRetryPolicy(0) });
}
