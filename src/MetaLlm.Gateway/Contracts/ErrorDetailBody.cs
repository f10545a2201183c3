using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What is wrong.")]
internal sealed record ErrorDetailBody
{
    [JsonPropertyName("message"), Description("For people: the field, its value and what is legal.")]
    public required string Message { get; init; }

    [JsonPropertyName("type"), Description("Class of error, as OpenAI has it.")]
    public required string Type { get; init; }

    [JsonPropertyName("param"), Description("The field at fault; null for none.")]
    public required string? Param { get; init; }

    [JsonPropertyName("code"), Description("For programs; it does not change.")]
    public required string Code { get; init; }

    [JsonPropertyName("max_tokens"), Description("Of a request that caps have no room for: the most completion tokens with which it would fit now."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? MaxTokens { get; init; }

    [JsonPropertyName("window_ends_at"), Description("Of a request that caps have no room for: when the window ends that stands in the way."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? WindowEndsAt { get; init; }

    [JsonPropertyName("errors"), Description("Of a tenant's document: everything that is wrong with it."), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<FieldErrorBody>? Errors { get; init; }
}
