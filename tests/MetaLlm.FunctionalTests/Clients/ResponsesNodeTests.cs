namespace MetaLlm.FunctionalTests.Clients;

/// <summary>The official JavaScript client and the AI SDK's provider for Responses.</summary>
public sealed class ResponsesNodeTests
{
    [NodeFact]
    public async Task They_converse_stream_use_functions_show_images_go_on_and_understand_our_errors()
    {
        var directory = await NodePackages.DirectoryAsync();
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("scripted", ScriptedModel.AnswerAsync);
        await using var gateway = await RunningGateway.StartAsync(SurfaceClients.Configure(upstream));
        var seen = await NodePackages.RunAsync("responses-client.mjs", directory, new Uri(gateway.Address, "v1").ToString(), TestConfiguration.AlphaKey, "scripted");

        Assert.StartsWith("resp_", Text("id"), StringComparison.Ordinal);
        Assert.Equal(("Hello there.", "Hello there.", "Hello there.", 12), (Text("plain"), Text("pieces"), Text("streamed"), seen.GetProperty("tokens").GetInt32()));
        Assert.Equal((2, "Results: Rome 0, Rome 1"), (seen.GetProperty("steps").GetInt32(), Text("result")));
        Assert.Equal("Let me think.", seen.GetProperty("reasoning").GetProperty("summary")[0].GetProperty("text").GetString());
        Assert.Equal(("I see an image.", """{"answer":"yes"}""", "Hello there."), (Text("seen"), Text("formed"), Text("kept")));
        Assert.Equal(["And?"], seen.GetProperty("inputs").EnumerateArray().Select(item => item.GetString()));
        Assert.Equal("""{"status":404,"code":"response_not_found"}""", seen.GetProperty("gone").GetRawText());
        Assert.Equal("""{"name":"NotFoundError","status":404,"code":"model_not_found"}""", seen.GetProperty("error").GetRawText());
        Assert.Equal((3, "Results: Rome is warm, Rome is warm"), (seen.GetProperty("generatedSteps").GetInt32(), Text("generated")));
        Assert.Equal(("Hello there.", 12), (Text("text"), seen.GetProperty("textTokens").GetInt32()));

        string? Text(string member) => seen.GetProperty(member).GetString();
    }
}
