namespace MetaLlm.Lab.Replay.Cascades;

/// <summary>What <c>--cascade</c> was given.</summary>
/// <param name="Auc">How well the simulated confidence tells right answers from wrong ones, 0.5 to below 1; null for a constant one.</param>
internal sealed record CascadeOptions(double? Auc)
{
    private const string Constant = "constant";

    /// <summary>Reads <c>auc=A</c>; problems are noted.</summary>
    public static CascadeOptions Read(OptionValues values, string text)
    {
        var given = NamedValues.Read(values, "--cascade", text, ["auc"]);
        if (!given.TryGetValue("auc", out var auc))
        {
            values.Problem("--cascade: auc=A must be given.");
        }

        return new CascadeOptions(auc is null or Constant ? null : values.Number("--cascade: auc", auc, $"a number from 0.5 to below 1, or {Constant}", n => n is >= 0.5 and < 1));
    }
}
