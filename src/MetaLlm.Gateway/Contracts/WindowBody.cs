using System.ComponentModel;
using System.Text.Json.Serialization;
using MetaLlm.Core.Budgets;

namespace MetaLlm.Gateway.Contracts;

[Description("How the hard cap or the budget of a calendar window stands.")]
internal sealed record WindowBody
{
    [JsonPropertyName("window"), Description("The window."), JsonConverter(typeof(WireWord<BudgetWindow>))]
    public required BudgetWindow Window { get; init; }

    [JsonPropertyName("budget_usd"), Description("USD that it may cost.")]
    public required double BudgetUsd { get; init; }

    [JsonPropertyName("spent_usd"), Description("USD that calls which ended in it have cost.")]
    public required double SpentUsd { get; init; }

    [JsonPropertyName("left_usd"), Description("USD that can still be set aside; negative when calls cost more than was set aside.")]
    public required double LeftUsd { get; init; }

    [JsonPropertyName("target_usd_per_request"), Description("USD per request that spread the rest over the requests to come; null for the hard cap, which paces nothing.")]
    public required double? TargetUsdPerRequest { get; init; }

    [JsonPropertyName("ends_at"), Description("When it ends.")]
    public required DateTimeOffset EndsAt { get; init; }
}
