using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("How the budgets of a tenant stand.")]
internal sealed record BudgetStateBody
{
    [JsonPropertyName("spend_usd"), Description("USD spent since the beginning.")]
    public required double SpendUsd { get; init; }

    [JsonPropertyName("bound_usd"), Description("USD that caps hold back for calls that run.")]
    public required double BoundUsd { get; init; }

    [JsonPropertyName("lambda"), Description("Shadow price in force: the quality that one USD must buy.")]
    public required double Lambda { get; init; }

    [JsonPropertyName("windows"), Description("The hard cap, and every budget of a calendar window.")]
    public required IReadOnlyList<WindowBody> Windows { get; init; }
}
