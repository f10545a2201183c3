using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("Chat requests to predict.")]
internal sealed record AssessRequestBody
{
    [JsonPropertyName("requests"), Description("1 to 64 chat requests.")]
    public required IReadOnlyList<ChatRequestBody> Requests { get; init; }
}
