using System.Text.RegularExpressions;
using MetaLlm.Lab.Replay.Datasets;

namespace MetaLlm.Lab.Replay.Cards;

/// <summary>What other data sets say of the same models. A model is known elsewhere by its name, or by its name without date, provider and form.</summary>
internal static partial class SharedModels
{
    // With queries in common, another set would tell of the very rows that are scored.
    private const double MostSharedQueries = 0.01;
    private const int Rounds = 200;

    /// <summary>Other sets that hold at least two of the models, and not the same queries.</summary>
    /// <param name="dataset">The set that is played.</param>
    /// <param name="others">The other sets.</param>
    public static IReadOnlyList<ReplayDataset> Telling(ReplayDataset dataset, IEnumerable<ReplayDataset> others)
    {
        var texts = dataset.Rows.Select(row => row.Text).ToHashSet(StringComparer.Ordinal);
        var keys = dataset.Arms.Select(arm => KeyOf(arm.Id)).ToHashSet(StringComparer.Ordinal);
        return [.. others.Where(other => IsApart(texts, dataset, other) && other.Arms.Select(arm => KeyOf(arm.Id)).Distinct(StringComparer.Ordinal).Count(keys.Contains) >= 2)];
    }

    /// <summary>Mean score of each arm elsewhere.</summary>
    /// <param name="dataset">The set that is played.</param>
    /// <param name="others">The other sets.</param>
    /// <returns>Per arm, NaN where no other set holds the model: mean score, and mean cost of a call, USD. And the names of the sets that were used.</returns>
    /// <remarks>
    /// Sets differ in how hard their queries are, so that score = model + set is fitted to all means by least squares; a model's card is its part, on the mean set.
    /// </remarks>
    public static (double[] Quality, double[] CostUsd, string[] Sets) Of(ReplayDataset dataset, IEnumerable<ReplayDataset> others)
    {
        var texts = dataset.Rows.Select(row => row.Text).ToHashSet(StringComparer.Ordinal);
        ReplayDataset[] used = [.. others.Where(other => IsApart(texts, dataset, other))];
        var scores = used.SelectMany((set, s) => Enumerable.Range(0, set.Arms.Count).Select(a => (Model: KeyOf(set.Arms[a].Id), Set: s, Score: set.Rows.Average(row => row.Score[a]), CostUsd: set.Rows.Average(row => row.CostUsd[a]))))
            .GroupBy(one => (one.Model, one.Set), (key, same) => (key.Model, key.Set, Score: same.Average(one => one.Score), CostUsd: same.Average(one => one.CostUsd)))
            .ToArray();
        var ease = new double[used.Length];
        var skill = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var round = 0; round < Rounds; round++)
        {
            skill = scores.GroupBy(one => one.Model, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Average(one => one.Score - ease[one.Set]), StringComparer.Ordinal);
            for (var s = 0; s < used.Length; s++)
            {
                ease[s] = scores.Where(one => one.Set == s).Average(one => one.Score - skill[one.Model]);
            }
        }

        var level = ease.DefaultIfEmpty(0).Average();
        string[] keys = [.. dataset.Arms.Select(arm => KeyOf(arm.Id))];
        return (
            [.. keys.Select(key => skill.TryGetValue(key, out var known) ? Math.Clamp(known + level, 0, 1) : double.NaN)],
            [.. keys.Select(key => scores.Where(one => one.Model == key).Select(one => one.CostUsd).DefaultIfEmpty(double.NaN).Average())],
            [.. used.Where((set, s) => scores.Any(one => one.Set == s && keys.Contains(one.Model))).Select(set => set.Name)]);
    }

    private static bool IsApart(HashSet<string> texts, ReplayDataset dataset, ReplayDataset other) =>
        other.Rows.Count(row => texts.Contains(row.Text)) <= MostSharedQueries * Math.Min(dataset.Rows.Count, other.Rows.Count);

    /// <summary>A model's name without its provider, date, release and form.</summary>
    internal static string KeyOf(string id) => Detail().Replace(id[(id.LastIndexOf('/') + 1)..].ToLowerInvariant(), "");

    [GeneratedRegex(@"-(\d{4}-\d{2}-\d{2}|\d{8}|\d{4}|\d{3}|preview|chat|instruct|it|v0\.\d)(?=-|$)")]
    private static partial Regex Detail();
}
