using System.ClientModel;
using System.ClientModel.Primitives;
using MetaLlm.FunctionalTests.Upstreams;
using OpenAI.Responses;

namespace MetaLlm.FunctionalTests.Clients;

/// <summary>The tests' own Responses API in the hands of the official client: what the gateway is tested against is well-shaped.</summary>
public sealed class ResponsesFakeTests
{
    [Fact]
    public async Task It_answers_streams_thinks_calls_tools_and_fails_as_OpenAIs_client_expects()
    {
        await using var upstream = new ResponsesUpstream();
        await upstream.StartAsync();
        var client = new ResponsesClient(
            new ApiKeyCredential(ResponsesUpstream.Key), new ResponsesClientOptions { Endpoint = new Uri(upstream.Root, "v1"), RetryPolicy = new ClientRetryPolicy(0) });
        var options = Ask("o");
        options.ReasoningOptions = new ResponseReasoningOptions { ReasoningEffortLevel = ResponseReasoningEffortLevel.Low, ReasoningSummaryVerbosity = ResponseReasoningSummaryVerbosity.Auto };
        options.IncludedProperties.Add(IncludedResponseProperty.ReasoningEncryptedContent);
        options.Tools.Add(ResponseTool.CreateFunctionTool("weather", BinaryData.FromString("""{"type":"object"}"""), strictModeEnabled: false));
        ResponseResult first = await client.CreateResponseAsync(options);
        Assert.Equal(CloudUpstream.Thought, Assert.IsType<ReasoningResponseItem>(first.OutputItems[0]).GetSummaryText());
        var call = Assert.IsType<FunctionCallResponseItem>(first.OutputItems[1]);
        Assert.Equal((29, 8), (first.Usage.TotalTokenCount, first.Usage.InputTokenDetails.CachedTokenCount));

        foreach (var item in first.OutputItems.Append(ResponseItem.CreateFunctionCallOutputItem(call.CallId, "sunny")))
        {
            options.InputItems.Add(item);
        }

        options.StreamingEnabled = true;
        var (text, whole) = (string.Empty, (ResponseResult?)null);
        await foreach (var update in await client.CreateResponseStreamingAsync(options))
        {
            text += update is StreamingResponseOutputTextDeltaUpdate piece ? piece.Delta : null;
            whole = update is StreamingResponseCompletedUpdate completed ? completed.Response : whole;
        }

        Assert.Equal(("I saw 1 results.", "I saw 1 results."), (text, whole!.GetOutputText()));
        foreach (var (model, status) in new[] { ("o-objecting", 400), ("o-limited", 429), ("o-failing", 500) })
        {
            Assert.Equal(status, (await Assert.ThrowsAsync<ClientResultException>(() => client.CreateResponseAsync(Ask(model)))).Status);
        }
    }

    private static CreateResponseOptions Ask(string model) => new(model, [ResponseItem.CreateUserMessageItem("How is it?")]) { StoredOutputEnabled = false };
}
