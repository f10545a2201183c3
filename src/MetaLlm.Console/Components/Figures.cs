using System.Globalization;

namespace MetaLlm.WebConsole.Components;

/// <summary>Writes figures in the language of the request; a dash for what is not there.</summary>
internal static class Figures
{
    public const string None = "–";

    /// <summary>An amount of money with as many digits as it needs: two places from a cent on, three significant digits below that.</summary>
    public static string Usd(double? usd)
    {
        if (usd is not { } amount || !double.IsFinite(amount))
        {
            return None;
        }

        var size = Math.Abs(amount);
        var places = size is 0 or >= 1 ? 2 : Math.Clamp((int)Math.Ceiling(-Math.Log10(size)) + 2, 2, 10);
        return (amount < 0 ? "-$" : "$") + size.ToString("N" + places.ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture);
    }

    /// <summary>A share as percent.</summary>
    public static string Percent(double? share, int places = 1) => share is { } part && double.IsFinite(part) ? part.ToString("P" + places.ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture) : None;

    /// <summary>A number with some places.</summary>
    public static string Number(double? number, int places = 3) => number is { } value && double.IsFinite(value) ? value.ToString("N" + places.ToString(CultureInfo.InvariantCulture), CultureInfo.CurrentCulture) : None;

    /// <summary>A count.</summary>
    public static string Count(long? count) => count is { } value ? value.ToString("N0", CultureInfo.CurrentCulture) : None;
}
