using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Contracts;

[Description("A request for embeddings as OpenAI has it. Members that are not listed here go to the model as they are.")]
internal sealed record EmbeddingsRequestBody
{
    [JsonPropertyName("model"), Description("The name of a vector space, `auto` for that of the tenant's first embedding model, or the id of a model to use that one and no other."), MinLength(1), MaxLength(ChatRequestReader.LongestModel)]
    public required string Model { get; init; }

    [JsonPropertyName("input"), Description("A text, a list of tokens, or a list of 1 to 2048 of either. No text is empty.")]
    public required JsonElement Input { get; init; }

    [JsonPropertyName("encoding_format"), Description("How a vector is written: `float`, a list of numbers, or `base64`, its float32 numbers in base64. The answer has that form whatever the model gives.")]
    public string? EncodingFormat { get; init; }

    [JsonPropertyName("dimensions"), Description("Numbers of a vector, at most those that the model has."), Range(1, EmbeddingModelSettings.MostDimensions)]
    public int? Dimensions { get; init; }

    [JsonPropertyName("user"), Description("The end user; it goes to the model.")]
    public string? User { get; init; }

    [JsonPropertyName("metallm"), Description("`task`, `max_cost_usd` and `allow`, as for chat; `dial` is refused. It is taken out before the request goes on.")]
    public RoutingPreferencesBody? Metallm { get; init; }
}
