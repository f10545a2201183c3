using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("Answers of models that did not serve, bought so that the policy knows more of them. Nothing that they cost counts as the tenant's.")]
internal sealed record EvidenceBody
{
    [JsonPropertyName("object"), Description("Always `metallm.evidence`."), Required]
    public string Object { get; init; } = "metallm.evidence";

    [JsonPropertyName("tenant"), Description("The tenant.")]
    public required string Tenant { get; init; }

    [JsonPropertyName("usd"), Description("What the purse holds in a window, USD; null where nothing is bought.")]
    public required double? Usd { get; init; }

    [JsonPropertyName("left_usd"), Description("What is left in this window, USD.")]
    public required double LeftUsd { get; init; }

    [JsonPropertyName("spend_usd"), Description("What answers have cost since the beginning, USD.")]
    public required double SpendUsd { get; init; }

    [JsonPropertyName("window"), Description("The purse as a cap; null before the first answer.")]
    public required WindowBody? Window { get; init; }

    [JsonPropertyName("answers"), Description("Calls that were made for answers, since the beginning.")]
    public required long Answers { get; init; }

    [JsonPropertyName("queries"), Description("Queries of which the answer of at least one model is known: of the process that answers, as it heard last.")]
    public required int Queries { get; init; }

    [JsonPropertyName("learned_rows"), Description("Queries that the policy has learned from last; those of a warm start too.")]
    public required int LearnedRows { get; init; }

    [JsonPropertyName("looked_at"), Description("Requests that were looked at, whether or not others were asked: of the process that answers, since its start.")]
    public required long LookedAt { get; init; }

    [JsonPropertyName("dropped"), Description("Requests that were taken and dropped for want of room: of the process that answers, since its start.")]
    public required long Dropped { get; init; }

    [JsonPropertyName("arms"), Description("The models that may be asked.")]
    public required IReadOnlyList<EvidenceArmBody> Arms { get; init; }
}
