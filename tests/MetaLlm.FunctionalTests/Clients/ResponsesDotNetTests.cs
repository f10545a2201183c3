using System.ClientModel;
using OpenAI.Responses;

namespace MetaLlm.FunctionalTests.Clients;

/// <summary>The official .NET client of Responses, against models behind two kinds of upstreams.</summary>
public sealed class ResponsesDotNetTests : IAsyncLifetime
{
    private ScriptedUpstream _upstream = null!;
    private RunningGateway _gateway = null!;
    private ResponsesClient _client = null!;

    public async Task InitializeAsync()
    {
        _upstream = await ScriptedUpstream.StartAsync();
        _upstream.On("scripted", ScriptedModel.AnswerAsync);
        _gateway = await RunningGateway.StartAsync(SurfaceClients.Configure(_upstream));
        _client = new ResponsesClient(new ApiKeyCredential(TestConfiguration.AlphaKey), new ResponsesClientOptions { Endpoint = new Uri(_gateway.Address, "v1") });
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("sim-nano")]
    [InlineData("scripted")]
    public async Task It_gets_a_response_reads_it_again_and_deletes_it(string model)
    {
        ResponseResult response = await _client.CreateResponseAsync(model, "Say something.", null);
        Assert.Equal((ResponseStatus.Completed, model), (response.Status, response.Model));
        Assert.NotEmpty(response.GetOutputText());
        Assert.True(response.Usage.OutputTokenCount > 0);
        Assert.Equal(response.GetOutputText(), (await _client.GetResponseAsync(response.Id)).Value.GetOutputText());
        var items = new List<ResponseItem>();
        await foreach (var item in _client.GetResponseInputItemsAsync(response.Id))
        {
            items.Add(item);
        }

        Assert.Equal("Say something.", Assert.IsAssignableFrom<MessageResponseItem>(Assert.Single(items)).Content[0].Text);
        Assert.True((await _client.DeleteResponseAsync(response.Id)).Value.Deleted);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => _client.GetResponseAsync(response.Id))).Status);
    }

    [Theory]
    [InlineData("sim-nano")]
    [InlineData("scripted")]
    public async Task It_streams(string model)
    {
        var text = string.Empty;
        ResponseResult? whole = null;
        await foreach (var update in await _client.CreateResponseStreamingAsync(model, "Say something.", null))
        {
            text += update is StreamingResponseOutputTextDeltaUpdate piece ? piece.Delta : null;
            whole = update is StreamingResponseCompletedUpdate completed ? completed.Response : whole;
        }

        Assert.NotEmpty(text);
        Assert.Equal(text, whole!.GetOutputText());
    }

    [Fact]
    public async Task It_uses_functions_over_several_steps_and_thinks()
    {
        var options = Ask("How is the weather?");
        options.ReasoningOptions = new ResponseReasoningOptions { ReasoningEffortLevel = ResponseReasoningEffortLevel.Low };
        options.Tools.Add(ResponseTool.CreateFunctionTool("weather", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}"""), strictModeEnabled: false));
        ResponseResult response = await _client.CreateResponseAsync(options);
        for (var step = 0; response.OutputItems.OfType<FunctionCallResponseItem>().SingleOrDefault() is { } call; step++)
        {
            Assert.Equal("Let me think.", Assert.IsType<ReasoningResponseItem>(response.OutputItems[0]).GetSummaryText());
            Assert.Equal(("weather", "{\"city\":\"Rome\"}"), (call.FunctionName, call.FunctionArguments.ToString()));
            var next = new CreateResponseOptions("scripted", [ResponseItem.CreateFunctionCallOutputItem(call.CallId, $"{20 + step} degrees")]) { PreviousResponseId = response.Id };
            next.Tools.Add(options.Tools[0]);
            next.ReasoningOptions = options.ReasoningOptions;
            response = await _client.CreateResponseAsync(next);
        }

        Assert.Equal("Results: 20 degrees, 21 degrees", response.GetOutputText());
    }

    [Fact]
    public async Task It_shows_an_image_and_gets_an_answer_in_a_form()
    {
        var seen = new CreateResponseOptions("scripted", [ResponseItem.CreateUserMessageItem([
            ResponseContentPart.CreateInputTextPart("What is it?"), ResponseContentPart.CreateInputImagePart(new Uri("data:image/png;base64,aW1hZ2U="))])]);
        Assert.Equal("I see an image.", (await _client.CreateResponseAsync(seen)).Value.GetOutputText());

        var formed = Ask("Yes?");
        formed.TextOptions = new ResponseTextOptions { TextFormat = ResponseTextFormat.CreateJsonSchemaFormat("answer", BinaryData.FromString("""{"type":"object"}"""), jsonSchemaIsStrict: true) };
        Assert.Equal("""{"answer":"yes"}""", (await _client.CreateResponseAsync(formed)).Value.GetOutputText());
    }

    [Fact]
    public async Task It_understands_our_errors_and_leaves_in_the_middle_of_a_stream()
    {
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => _client.CreateResponseAsync("none", "x", null))).Status);
        Assert.Contains("I object.", (await Assert.ThrowsAsync<ClientResultException>(() => _client.CreateResponseAsync("scripted", "please object", null))).Message, StringComparison.Ordinal);

        _upstream.On("scripted", async (context, _) =>
        {
            await ScriptedUpstream.BeginAsync(context);
            await ScriptedUpstream.SendAsync(context, ScriptedUpstream.Text("Hel"));
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });
        string? id = null;
        await foreach (var update in await _client.CreateResponseStreamingAsync("scripted", "Say something.", null))
        {
            id = update is StreamingResponseCreatedUpdate created ? created.Response.Id : id;
            if (update is StreamingResponseOutputTextDeltaUpdate)
            {
                break;
            }
        }

        await _gateway.Alpha.DecisionAsync(id!, decision => decision.GetProperty("settlement") is { ValueKind: JsonValueKind.Object } settled && settled.GetProperty("outcome").GetString() == "aborted");
    }

    private static CreateResponseOptions Ask(string text) => new("scripted", [ResponseItem.CreateUserMessageItem(text)]);
}
