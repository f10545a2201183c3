using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("How the budgets of a tenant stood that began anew, and how they stand.")]
internal sealed record BudgetResetBody
{
    [JsonPropertyName("object"), Description("Always `metallm.budget_reset`."), Required]
    public string Object { get; init; } = "metallm.budget_reset";

    [JsonPropertyName("tenant"), Description("The tenant.")]
    public required string Tenant { get; init; }

    [JsonPropertyName("sequence"), Description("Number of the event among those of the tenant.")]
    public required long Sequence { get; init; }

    [JsonPropertyName("before"), Description("How they stood.")]
    public required BudgetStateBody Before { get; init; }

    [JsonPropertyName("after"), Description("How they stand.")]
    public required BudgetStateBody After { get; init; }
}
