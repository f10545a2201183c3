using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What a batch is to come to, and what it has cost.")]
internal sealed record BatchMoneyBody
{
    [JsonPropertyName("budgetUsd"), Description("Most that it may spend, USD; null without a limit of its own.")]
    public required double? BudgetUsd { get; init; }

    [JsonPropertyName("minQuality"), Description("Mean quality that is enough; null where none was named.")]
    public required double? MinQuality { get; init; }

    [JsonPropertyName("spentUsd"), Description("USD that are counted so far.")]
    public required double SpentUsd { get; init; }
}
