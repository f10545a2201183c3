using System.Globalization;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Sessions;

/// <summary>What a tenant asks of routing.</summary>
/// <param name="QualityFloor">Mean success to keep at the least cost; null for none.</param>
/// <param name="UsdPerTurn">Mean spend to keep; null for none.</param>
/// <param name="PriceWeight">Fixed shadow price, quality per USD.</param>
internal sealed record SessionGoal(double? QualityFloor = null, double? UsdPerTurn = null, double PriceWeight = 0)
{
    /// <summary>How it is called in tables.</summary>
    public string Name => QualityFloor is { } floor ? Text("floor", floor) : UsdPerTurn is { } usd ? Text("budget", usd) : Text("price weight", PriceWeight);

    /// <summary>A configuration that asks for it.</summary>
    public TenantConfiguration Of(TenantConfiguration configuration) => configuration with { QualityFloor = QualityFloor, UsdPerRequest = UsdPerTurn, PriceWeight = PriceWeight };

    private static string Text(string what, double value) => string.Create(CultureInfo.InvariantCulture, $"{what} {value:0.######}");
}
