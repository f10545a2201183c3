using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Http;

namespace MetaLlm.Providers.Dialects.OpenAi;

/// <summary>
/// Azure OpenAI: the OpenAI format at other addresses, with the key in a header of its own. With a dated <c>api-version</c> in the query the model is a deployment
/// and stands in the path; without one the request goes to the v1 path, where the body names it.
/// </summary>
internal sealed class AzureOpenAiDialect : OpenAiDialect
{
    private const string Version = "api-version";

    /// <inheritdoc/>
    public override string Protocol => UpstreamEndpoint.AzureOpenAi;

    /// <inheritdoc/>
    public override string KeyHeader => "api-key";

    /// <inheritdoc/>
    public override Uri Address(ChatCall call)
    {
        var path = call.Endpoint.BaseAddress.AbsolutePath.TrimEnd('/').EndsWith("/v1", StringComparison.Ordinal) ? Path(call.Kind)
            : IsDated(call) ? $"openai/deployments/{Uri.EscapeDataString(call.Model)}/{Path(call.Kind)}"
            : $"openai/v1/{Path(call.Kind)}";
        return UpstreamAddress.WithQuery(UpstreamAddress.Join(call.Endpoint.BaseAddress, path), call);
    }

    private static bool IsDated(ChatCall call) =>
        UpstreamAddress.Query(call).LastOrDefault(p => p.Key == Version) is { Value: { Length: > 0 } version } && char.IsAsciiDigit(version[0]);
}
