using System.Diagnostics.CodeAnalysis;

namespace MetaLlm.Simulator.Models;

/// <summary>
/// A model that grades answers to the catalogue's queries: it knows which are right, and says so as often as its name states. <c>sim-judge</c> is right 95 times in a hundred; <c>sim-judge-70</c> is right 70 times, and
/// <c>sim-judge-90-kind-20</c> praises besides every fifth answer that it would have called wrong.
/// </summary>
/// <param name="Name">Name on the wire.</param>
/// <param name="Accuracy">Probability of the right verdict.</param>
/// <param name="Kindness">Probability with which a bad verdict becomes a good one.</param>
public sealed record SimulatedJudge(string Name, double Accuracy, double Kindness)
{
    /// <summary>What every judge's name begins with, and the name of the usual one.</summary>
    public const string Prefix = "sim-judge";

    private const double UsualAccuracy = 0.95;

    /// <summary>List price of every judge: that of a small model.</summary>
    public static ModelPrice Price { get; } = new(0.15m, 0.0375m, 0.60m);

    /// <summary>What it charges and how fast it is, as of any model.</summary>
    public SimulatedModel Model => new()
    {
        Name = Name, Description = "Grades answers.", Price = Price, Ability = 1, TimeToFirstToken = TimeSpan.FromMilliseconds(150), TokensPerSecond = 160, ReplyTokens = 8,
    };

    /// <summary>Reads a judge off a name.</summary>
    /// <param name="name">The model that was asked for.</param>
    /// <param name="judge">The judge; null where it is none.</param>
    public static bool TryParse(string name, [NotNullWhen(true)] out SimulatedJudge? judge)
    {
        ArgumentNullException.ThrowIfNull(name);
        judge = null;
        if (!name.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        var parts = name[Prefix.Length..].Split('-');
        judge = parts switch
        {
            [""] => new SimulatedJudge(name, UsualAccuracy, 0),
            ["", var right] when Percent(right) is { } accuracy => new SimulatedJudge(name, accuracy, 0),
            ["", var right, "kind", var kind] when Percent(right) is { } accuracy && Percent(kind) is { } kindness => new SimulatedJudge(name, accuracy, kindness),
            _ => null,
        };
        return judge is not null;
    }

    private static double? Percent(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var percent) && percent <= 100 ? percent / 100.0 : null;
}
