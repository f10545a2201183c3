using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What answers here, and where to go on.")]
internal sealed record GatewayBody
{
    [JsonPropertyName("object"), Description("Always `metallm.gateway`."), Required]
    public string Object { get; init; } = "metallm.gateway";

    [JsonPropertyName("version"), Description("Version of the gateway.")]
    public required string Version { get; init; }

    [JsonPropertyName("chat"), Description("Chat completions.")]
    public required string Chat { get; init; }

    [JsonPropertyName("responses"), Description("OpenAI's Responses.")]
    public required string Responses { get; init; }

    [JsonPropertyName("messages"), Description("Messages of Anthropic's format.")]
    public required string Messages { get; init; }

    [JsonPropertyName("models"), Description("Models.")]
    public required string Models { get; init; }

    [JsonPropertyName("health"), Description("Readiness.")]
    public required string Health { get; init; }

    [JsonPropertyName("openapi_document"), Description("Description of every endpoint, OpenAPI.")]
    public required string OpenapiDocument { get; init; }

    [JsonPropertyName("api_reference"), Description("The same as a page.")]
    public required string ApiReference { get; init; }
}
