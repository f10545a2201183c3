using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What became of one piece of feedback.")]
internal sealed record FeedbackReceiptBody
{
    [JsonPropertyName("object"), Description("Always `metallm.feedback`."), Required]
    public string Object { get; init; } = "metallm.feedback";

    [JsonPropertyName("decision_id"), Description("The decision that the feedback is about.")]
    public required string DecisionId { get; init; }

    [JsonPropertyName("status"), Description("`accepted` is durable and is applied exactly once; `duplicate` changed nothing; `unknown_decision`, `outcome_not_reportable` for a call that the gateway settles itself, `idempotency_conflict` for a key that came with other content before, and `never_ran` for a call that gave no answer, stand in lists alone."), JsonConverter(typeof(WireWord<ReceiptStatus>))]
    public required ReceiptStatus Status { get; init; }

    [JsonPropertyName("sequence"), Description("Number of the event among those of the tenant; of the earlier one for a duplicate and a conflict; null when there is none.")]
    public required long? Sequence { get; init; }
}
