namespace MetaLlm.Host.Batch;

/// <summary>What calls of a query have cost that did not become its result, by model.</summary>
internal sealed class BatchLosses
{
    private readonly Dictionary<string, (double Usd, double UnknownUsd)> _byModel = new(StringComparer.Ordinal);

    /// <summary>Counts a call that came to nothing.</summary>
    /// <param name="model">The model.</param>
    /// <param name="usd">What it has cost, or can have cost at most.</param>
    /// <param name="isUnknown">Whether nobody says what became of it: an answer that comes later under the same key is its answer.</param>
    public void Add(string model, double usd, bool isUnknown)
    {
        var before = _byModel.GetValueOrDefault(model);
        _byModel[model] = (before.Usd + usd, before.UnknownUsd + (isUnknown ? usd : 0));
    }

    /// <summary>USD that were counted for calls to a model of which nothing is known.</summary>
    public double UnknownUsd(string model) => _byModel.GetValueOrDefault(model).UnknownUsd;

    /// <summary>What was lost, USD, by model.</summary>
    /// <param name="shown">The model of the call that the result shows; null for none.</param>
    /// <param name="shownUsd">What was counted here for that call, USD.</param>
    public IReadOnlyDictionary<string, double> Usd(string? shown = null, double shownUsd = 0) => _byModel
        .Select(one => (Model: one.Key, Usd: one.Value.Usd - (one.Key == shown ? shownUsd : 0)))
        .Where(one => one.Usd > 0).ToDictionary(one => one.Model, one => one.Usd, StringComparer.Ordinal);
}
