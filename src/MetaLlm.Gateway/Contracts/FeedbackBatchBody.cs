using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("Several pieces of feedback; checked whole before anything is recorded.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record FeedbackBatchBody
{
    [JsonPropertyName("items"), Description("At least one; at most `limits.feedbackItems`."), MinLength(1)]
    public required IReadOnlyList<FeedbackItemBody> Items { get; init; }
}
