using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("A response as OpenAI has it.")]
internal sealed record ResponseBody
{
    [JsonPropertyName("id"), Description("`resp_` and the id of the decision.")]
    public required string Id { get; init; }

    [JsonPropertyName("object"), Description("Always `response`.")]
    public required string Object { get; init; }

    [JsonPropertyName("created_at"), Description("When it was made, seconds since 1970.")]
    public required long CreatedAt { get; init; }

    [JsonPropertyName("status"), Description("`completed`, or `incomplete` where a limit or a filter ended it.")]
    public required string Status { get; init; }

    [JsonPropertyName("model"), Description("The model that answered.")]
    public required string Model { get; init; }

    [JsonPropertyName("output"), Description("Items: reasoning, messages and calls of functions.")]
    public required IReadOnlyList<JsonElement> Output { get; init; }

    [JsonPropertyName("usage"), Description("Tokens as the model counted them.")]
    public required JsonElement Usage { get; init; }

    [JsonPropertyName("store"), Description("Whether it is kept.")]
    public required bool Store { get; init; }

    [JsonPropertyName("previous_response_id"), Description("The response that it goes on from; null for none.")]
    public required string? PreviousResponseId { get; init; }

    [JsonPropertyName("incomplete_details"), Description("Why it is not whole; null where it is.")]
    public required JsonElement IncompleteDetails { get; init; }
}
