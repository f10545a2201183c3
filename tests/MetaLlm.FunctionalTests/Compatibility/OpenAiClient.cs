using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>What of OpenAI's client is the same for its formats.</summary>
internal abstract class OpenAiClient(Uri address) : DotNetClient
{
    protected OpenAIClient Client { get; } = new(
        new ApiKeyCredential(TestConfiguration.AlphaKey), new OpenAIClientOptions { Endpoint = new Uri(address, "v1"), RetryPolicy = new ClientRetryPolicy(0) });

    public override Refused? Refusal(Exception error) => error is ClientResultException { Status: >= 400 } refused && refused.GetRawResponse() is { } response
        ? new Refused((HttpStatusCode)refused.Status, response.Content.ToString(), response.Headers.TryGetValue(Refused.DecisionHeader, out _)) : null;
}
