using MetaLlm.FunctionalTests.Upstreams;

namespace MetaLlm.FunctionalTests.Clients;

/// <summary>The tests' own Gemini and Bedrock in the hands of the official clients, installed once into artifacts: what the gateway is tested against is well-shaped.</summary>
public sealed class CloudFakeTests
{
    [NodeFact]
    public async Task Gemini_answers_streams_calls_tools_and_fails_as_Googles_client_expects()
    {
        var directory = await NodePackages.InstallAsync("npm-google", ("@google/genai", "3.3.0"));
        await using var upstream = new GeminiUpstream();
        await upstream.StartAsync();
        var seen = await NodePackages.RunAsync("gemini-fake.mjs", directory, upstream.Root.ToString(), GeminiUpstream.Key);
        Assert.Equal((CloudUpstream.Words, $"({CloudUpstream.Thought}){CloudUpstream.Words}"), (seen.GetProperty("plain").GetString(), seen.GetProperty("streamed").GetString()));
        Assert.Equal((29, 29), (seen.GetProperty("total").GetInt32(), seen.GetProperty("tokens").GetInt32()));
        Assert.Equal(["weather Köln \"am Rhein\"", "time Köln \"am Rhein\""], seen.GetProperty("calls").EnumerateArray().Select(call => call.GetString()));
        Assert.Equal(("I saw 2 results.", "SAFETY"), (seen.GetProperty("answered").GetString(), seen.GetProperty("blocked").GetString()));
        Assert.Equal([404, 503, 429, 400], seen.GetProperty("errors").EnumerateArray().Select(status => status.GetInt32()));
    }

    [NodeFact]
    public async Task Bedrock_answers_streams_calls_tools_and_fails_as_Amazons_client_expects()
    {
        var directory = await NodePackages.InstallAsync("npm-amazon", ("@aws-sdk/client-bedrock-runtime", "3.1164.0"));
        await using var upstream = new BedrockUpstream();
        await upstream.StartAsync();
        var seen = await NodePackages.RunAsync("bedrock-fake.mjs", directory, upstream.Root.ToString(), BedrockUpstream.Region, BedrockUpstream.KeyId, BedrockUpstream.Secret);
        Assert.Equal((CloudUpstream.Words, 29, "I saw 2 results."), (seen.GetProperty("plain").GetString(), seen.GetProperty("total").GetInt32(), seen.GetProperty("answered").GetString()));
        Assert.Equal($$"""{"said":"({{CloudUpstream.Thought}}){{CloudUpstream.Words}}","tokens":29,"stop":"end_turn"}""", seen.GetProperty("streamed").GetRawText());
        Assert.Equal(["weather Köln \"am Rhein\"", "time Köln \"am Rhein\""], seen.GetProperty("calls").EnumerateArray().Select(call => call.GetString()));
        Assert.Equal("ThrottlingException", seen.GetProperty("throttled").GetString());
        Assert.Equal(
            ["ServiceUnavailableException 503", "ThrottlingException 429", "UnrecognizedClientException 403"], seen.GetProperty("errors").EnumerateArray().Select(error => error.GetString()));
    }
}
