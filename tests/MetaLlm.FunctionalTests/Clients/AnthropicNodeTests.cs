namespace MetaLlm.FunctionalTests.Clients;

/// <summary>Anthropic's official JavaScript client and the AI SDK's provider for it.</summary>
public sealed class AnthropicNodeTests
{
    [NodeFact]
    public async Task They_converse_stream_use_tools_show_images_think_leave_and_understand_our_errors()
    {
        var directory = await NodePackages.DirectoryAsync();
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.On("scripted", ScriptedModel.AnswerAsync);
        var configuration = SurfaceClients.Configure(upstream);

        // The AI SDK sets limits by the names of models that it knows.
        TestConfiguration.TenantAt(configuration, 0)["aliases"] = new System.Text.Json.Nodes.JsonObject { ["claude-opus-4-5"] = "scripted" };
        await using var gateway = await RunningGateway.StartAsync(configuration);
        var seen = await NodePackages.RunAsync("anthropic-client.mjs", directory, gateway.Address.ToString(), TestConfiguration.AlphaKey, "scripted");

        Assert.StartsWith("msg_", Text("id"), StringComparison.Ordinal);
        Assert.Equal(("Hello there.", "Hello there.", "Hello there.", "end_turn"), (Text("plain"), Text("streamed"), Text("pieces"), Text("stop")));
        Assert.Equal(12, seen.GetProperty("tokens").GetInt32());
        Assert.Equal((2, "Results: Rome 0, Rome 1"), (seen.GetProperty("steps").GetInt32(), Text("result")));
        Assert.Equal(("Let me think.", ScriptedModel.Signature), (seen.GetProperty("thinking").GetProperty("thinking").GetString(), seen.GetProperty("thinking").GetProperty("signature").GetString()));
        Assert.Equal("I see an image.", Text("seen"));
        Assert.Equal(["auto", "scripted", .. TestConfiguration.Arms, "claude-opus-4-5"], seen.GetProperty("models").EnumerateArray().Select(model => model.GetString()));
        Assert.True(seen.GetProperty("counted").GetInt32() > 0);
        Assert.Equal("""{"name":"NotFoundError","status":404,"type":"not_found_error"}""", seen.GetProperty("error").GetRawText());
        Assert.Equal(1, seen.GetProperty("aborted").GetInt32());
        Assert.Equal((3, "Results: Rome is warm, Rome is warm"), (seen.GetProperty("generatedSteps").GetInt32(), Text("generated")));
        Assert.Equal(("Hello there.", 12), (Text("told"), seen.GetProperty("toldTokens").GetInt32()));
        Assert.Equal("Let me think.", Text("thought"));

        string? Text(string member) => seen.GetProperty(member).GetString();
    }
}
