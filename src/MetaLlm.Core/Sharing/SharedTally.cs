namespace MetaLlm.Core.Sharing;

/// <summary>
/// Sums a tenant's rewards by model and topic, and adds noise before anything of them leaves. A decision whose reward counts w adds w r to one sum and w (1 - r) to another, so that all sums
/// together change by 1 at most, whatever its model, topic and reward.
/// </summary>
/// <remarks>Every model has a sum for every topic, whether or not anything was added: that there is one tells nothing.</remarks>
public sealed class SharedTally
{
    /// <summary>Parts of a reward of 1. Rewards are rounded to them, since noise is drawn on whole numbers.</summary>
    public const int Parts = 100;

    private readonly string[] _models;
    private readonly string[] _topics;
    private readonly long[] _good;
    private readonly long[] _bad;

    /// <summary>A tally without rewards.</summary>
    /// <param name="models">What models are known by among tenants.</param>
    /// <param name="topics">The topics that are pooled, which no traffic adds to; other tags count as none.</param>
    public SharedTally(IEnumerable<string> models, IEnumerable<string> topics)
    {
        _models = [.. models.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _topics = [.. topics.Append("").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        _good = new long[_models.Length * _topics.Length];
        _bad = new long[_good.Length];
    }

    /// <summary>Adds the reward of one decision. Whoever calls sees to it that each decision is added once.</summary>
    /// <param name="model">What the model that served is known by; one that is not summed is passed over.</param>
    /// <param name="task">The request's task; null for none.</param>
    /// <param name="reward">The reward; clipped to 0 to 1, and passed over where it is no number.</param>
    /// <param name="weight">How much the reward counts; clipped to 0 to 1.</param>
    public void Add(string model, string? task, double reward, double weight = 1)
    {
        var m = Array.BinarySearch(_models, model, StringComparer.Ordinal);
        if (m < 0 || double.IsNaN(reward) || double.IsNaN(weight))
        {
            return;
        }

        var t = Array.BinarySearch(_topics, task ?? "", StringComparer.Ordinal);
        var cell = (m * _topics.Length) + Math.Max(0, t);
        var whole = (long)Math.Round(Math.Clamp(weight, 0, 1) * Parts);
        var good = (long)Math.Round(Math.Clamp(reward, 0, 1) * whole);
        _good[cell] += good;
        _bad[cell] += whole - good;
    }

    /// <summary>The sums with noise, drawn anew: to be called once for the same rewards.</summary>
    /// <param name="epsilonThousandths">Epsilon in thousandths.</param>
    /// <param name="below">Source of chance, see <see cref="DiscreteLaplace.Draw"/>.</param>
    /// <returns>Every model on every topic.</returns>
    public IReadOnlyList<SharedCell> Release(int epsilonThousandths, Func<int, int> below)
    {
        var variance = DiscreteLaplace.Variance(epsilonThousandths);
        var cells = new List<SharedCell>(_good.Length);
        for (var cell = 0; cell < _good.Length; cell++)
        {
            var (good, bad) = (DiscreteLaplace.Draw(epsilonThousandths, below), DiscreteLaplace.Draw(epsilonThousandths, below));
            cells.Add(new SharedCell(_models[cell / _topics.Length], _topics[cell % _topics.Length], _good[cell] + good, _bad[cell] + bad, variance));
        }

        return cells;
    }

    /// <summary>The sums without noise, for measurements on recorded data. They must never leave a tenant.</summary>
    public IReadOnlyList<SharedCell> Exact() =>
        [.. _good.Select((good, cell) => new SharedCell(_models[cell / _topics.Length], _topics[cell % _topics.Length], good, _bad[cell], 0))];
}
