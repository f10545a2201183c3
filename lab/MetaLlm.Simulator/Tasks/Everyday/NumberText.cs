namespace MetaLlm.Simulator.Tasks.Everyday;

/// <summary>Numbers as people write them: a point for decimals, commas between thousands.</summary>
internal static class NumberText
{
    private const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands | NumberStyles.AllowLeadingSign;

    /// <summary>The number, or null when the text is none or has more than 15 digits.</summary>
    public static decimal? Parse(string text) =>
        text.Length <= 20 && decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number) && Math.Abs(number) < 1e15m ? number : null;
}
