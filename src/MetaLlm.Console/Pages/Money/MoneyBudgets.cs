using System.Text.Json.Nodes;

namespace MetaLlm.WebConsole.Pages.Money;

/// <summary>What a tenant may spend in each of its windows, USD; null for no limit.</summary>
/// <param name="UsdPerHour">In an hour.</param>
/// <param name="UsdPerDay">In a day.</param>
/// <param name="UsdPerMonth">In a month.</param>
/// <param name="HardCapUsd">In a window of the hard cap.</param>
/// <param name="HardCapHours">How long such a window is; windows are aligned to the Unix epoch.</param>
public sealed record MoneyBudgets(double? UsdPerHour, double? UsdPerDay, double? UsdPerMonth, double? HardCapUsd, double HardCapHours)
{
    private const double UsualHours = 24;

    /// <summary>What a tenant's document says: the tenant object of a configuration file.</summary>
    /// <param name="document">The document; null for one that says nothing.</param>
    public static MoneyBudgets Of(JsonObject? document)
    {
        var budget = document?["budget"] as JsonObject;
        double? Number(string name) => budget?[name] is JsonValue value && value.TryGetValue(out double number) ? number : null;
        return new MoneyBudgets(Number("usdPerHour"), Number("usdPerDay"), Number("usdPerMonth"), Number("hardCapUsd"), Number("hardCapWindowHours") ?? UsualHours);
    }
}
