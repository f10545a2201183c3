using MetaLlm.Core.Guarantees;

namespace MetaLlm.Lab.Replay.Guarantees;

/// <summary>What <c>--guarantee</c> was given.</summary>
/// <param name="Settings">What is promised.</param>
/// <param name="LowerOnly">Whether an answer differs only where its score is lower than the reference's.</param>
/// <param name="Margin">Scores that are no further apart than this do not differ.</param>
internal sealed record GuaranteeOptions(GuaranteeSettings Settings, bool LowerOnly, double Margin)
{
    private static readonly string[] Names = ["reference", "difference", "confidence", "audit", "purse", "differs", "margin"];

    /// <summary>Reads <c>name=value,...</c>; problems are noted.</summary>
    public static GuaranteeOptions Read(OptionValues values, string text)
    {
        var given = NamedValues.Read(values, "--guarantee", text, Names);
        if (!given.TryGetValue("reference", out var reference))
        {
            values.Problem("--guarantee: reference=MODEL must be given.");
        }

        double Number(string name, double absent) => given.TryGetValue(name, out var value) ? values.Number($"--guarantee: {name}", value, "a finite number", _ => true) : absent;
        var standard = new GuaranteeSettings { Reference = reference ?? "none" };
        var settings = standard with
        {
            Difference = Number("difference", standard.Difference),
            Confidence = Number("confidence", standard.Confidence),
            AuditShare = Number("audit", standard.AuditShare),
            Purse = Number("purse", standard.Purse),
        };
        foreach (var (member, message) in settings.Problems())
        {
            values.Problem($"--guarantee: {(member == nameof(settings.AuditShare) ? "audit" : member.ToLowerInvariant())} {message}");
        }

        var differs = values.Choice("--guarantee: differs", given.GetValueOrDefault("differs", "score"), ["score", "lower"]);
        var margin = given.TryGetValue("margin", out var apart) ? values.Share("--guarantee: margin", apart) : 0;
        return new GuaranteeOptions(settings, differs == "lower", margin);
    }

    /// <summary>Whether an answer's score differs from the reference's.</summary>
    public bool Differ(double score, double reference) => LowerOnly ? score < reference - Margin : Math.Abs(score - reference) > Margin;
}
