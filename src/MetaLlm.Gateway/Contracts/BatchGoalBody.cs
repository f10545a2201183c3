using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("What a batch is to come to.")]
internal sealed record BatchGoalBody
{
    [JsonPropertyName("budgetUsd"), Description("Most that it may spend, USD; above 0.")]
    public double? BudgetUsd { get; init; }

    [JsonPropertyName("minQuality"), Description("Mean quality that is enough, 0 to 1.")]
    public double? MinQuality { get; init; }
}
