using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("An error as Anthropic's clients know it.")]
internal sealed record MessagesErrorBody
{
    [JsonPropertyName("type"), Description("Always `error`."), Required]
    public string Type { get; init; } = "error";

    [JsonPropertyName("error"), Description("What is wrong.")]
    public required MessagesErrorDetailBody Error { get; init; }

    [JsonPropertyName("request_id"), Description("The decision that the error belongs to; null when there is none.")]
    public required string? RequestId { get; init; }
}
