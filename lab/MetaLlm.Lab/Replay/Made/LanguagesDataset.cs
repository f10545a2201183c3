using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;
using MetaLlm.Lab.Replay.Datasets;

namespace MetaLlm.Lab.Replay.Made;

/// <summary>
/// Questions in eight languages over three seasons, without tags. From the second season on a third of them is about something that has just happened, and from the
/// third about something newer still. Models differ in the languages they speak and in how far their knowledge goes.
/// </summary>
internal static class LanguagesDataset
{
    private const ulong Seed = 20261;
    private const int PerSeason = 1500;
    private const double NewsShare = 1 / 3.0;
    private const double NewsUnknown = 0.1;

    private static readonly string[] Seasons = ["before", "spring", "autumn"];

    // Shares of the languages, in the order of QuestionTexts.
    private static readonly double[] Shares = [0.40, 0.12, 0.12, 0.12, 0.08, 0.08, 0.04, 0.04];

    // Ability by language, in the same order: English, German, French, Spanish, Russian, Chinese, Japanese, Arabic. Known: the last season whose news it knows, 0 for none.
    private static readonly Model[] Models =
    [
        new("english-small", 0.1, 0.4, [0.90, 0.45, 0.45, 0.45, 0.20, 0.20, 0.20, 0.20], 0),
        new("north-small", 0.1, 0.4, [0.62, 0.88, 0.45, 0.45, 0.25, 0.20, 0.20, 0.20], 0),
        new("south-small", 0.1, 0.4, [0.62, 0.45, 0.87, 0.87, 0.25, 0.20, 0.20, 0.25], 0),
        new("east-small", 0.1, 0.4, [0.60, 0.40, 0.40, 0.40, 0.40, 0.88, 0.86, 0.20], 0),
        new("steppe-small", 0.1, 0.4, [0.60, 0.40, 0.40, 0.40, 0.88, 0.30, 0.30, 0.84], 0),
        new("world-large", 2.5, 10, [0.94, 0.92, 0.92, 0.92, 0.92, 0.92, 0.92, 0.90], 1),
        new("fresh-large", 2.5, 10, [0.88, 0.86, 0.86, 0.86, 0.84, 0.84, 0.84, 0.82], 2),
    ];

    /// <summary>Makes it; always the same.</summary>
    public static ReplayDataset Create() => new(
        "languages",
        "made:languages",
        [.. Models.Select(m => new Arm { Id = m.Id, Prices = TokenPrices.PerMillion(m.UsdIn, m.UsdOut, m.UsdIn) })],
        [.. Enumerable.Range(0, Seasons.Length * PerSeason).Select(Row)]);

    private static ReplayRow Row(int index)
    {
        var draw = new Draws((ulong)index);
        var season = index / PerSeason;
        var language = Pick(draw.Next());
        var news = season > 0 && draw.Next() < NewsShare;
        var text = QuestionTexts.Write(language, news ? season : 0, draw.Next);
        var input = (int)(30 + (text.Length / 2.0));
        var score = new double[Models.Length];
        var usage = new TokenUsage[Models.Length];
        for (var a = 0; a < Models.Length; a++)
        {
            var model = Models[a];
            var known = !news || model.Known >= season;
            score[a] = draw.Next() < (known ? model.Ability[language] : NewsUnknown) ? 1 : 0;
            usage[a] = new TokenUsage(input, 0, (int)(60 + (200 * draw.Next())));
        }

        return new ReplayRow
        {
            QueryId = $"{Seasons[season]}-{index}",
            Task = null,
            Text = text,
            Split = Seasons[season],
            Score = score,
            Usage = usage,
            CostUsd = [.. usage.Select((u, a) => ((u.Input * Models[a].UsdIn) + (u.Output * Models[a].UsdOut)) / 1e6)],
            LatencySeconds = [.. usage.Select(_ => double.NaN)],
        };
    }

    private static int Pick(double draw)
    {
        for (var i = 0; i < Shares.Length - 1; i++)
        {
            draw -= Shares[i];
            if (draw < 0)
            {
                return i;
            }
        }

        return Shares.Length - 1;
    }

    private sealed record Model(string Id, double UsdIn, double UsdOut, double[] Ability, int Known);

    private sealed class Draws(ulong row)
    {
        private ulong _position;

        public double Next() => CounterRandom.Uniform(Seed + row, _position++);
    }
}
