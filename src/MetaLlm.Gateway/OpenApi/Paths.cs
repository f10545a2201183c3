using MetaLlm.Gateway.Contracts;

namespace MetaLlm.Gateway.OpenApi;

/// <summary>Where to find what about the gateway.</summary>
internal static class Paths
{
    public const string Document = "/openapi/v1.json";
    public const string Reference = "/scalar";

    public static GatewayBody Root { get; } = new()
    {
        Version = ApiDocument.Version,
        Chat = "/v1/chat/completions",
        Responses = "/v1/responses",
        Messages = "/v1/messages",
        Models = "/v1/models",
        Health = "/health/ready",
        OpenapiDocument = Document,
        ApiReference = Reference,
    };
}
