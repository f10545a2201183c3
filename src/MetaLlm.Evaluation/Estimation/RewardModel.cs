namespace MetaLlm.Evaluation.Estimation;

/// <summary>
/// Predicts rewards for the doubly robust estimators: a ridge regression over the rewards of all arms, and one per arm of what it leaves. It is
/// asked about a decision before that decision's reward is taken in, so its predictions are always made without the reward they are compared to.
/// </summary>
internal sealed class RewardModel
{
    private const double PooledRidge = 10;
    private const double ArmRidge = 30;
    private const double Neutral = 0.5;

    private readonly Dictionary<string, OnlineRidge> _arms = new(StringComparer.Ordinal);
    private OnlineRidge? _pooled;
    private string? _schema;

    /// <summary>Predicted reward, 0 to 1.</summary>
    /// <param name="schema">Feature layout of the context.</param>
    /// <param name="arm">The arm.</param>
    /// <param name="x">The context.</param>
    public double Predict(string schema, string arm, ReadOnlySpan<float> x)
    {
        if (schema != _schema || _pooled is null)
        {
            return Neutral;
        }

        var own = _arms.TryGetValue(arm, out var model) ? model.Predict(x) : 0;
        return Math.Clamp(Neutral + _pooled.Predict(x) + own, 0, 1);
    }

    /// <summary>Takes in a reward; one of a new feature layout starts the model anew.</summary>
    /// <param name="schema">Feature layout of the context.</param>
    /// <param name="arm">The arm that served.</param>
    /// <param name="x">The context.</param>
    /// <param name="reward">The reward, 0 to 1.</param>
    /// <param name="previous">The reward that it replaces, or null.</param>
    public void Learn(string schema, string arm, ReadOnlySpan<float> x, double reward, double? previous)
    {
        if (schema != _schema)
        {
            (_schema, _pooled) = (schema, new OnlineRidge(x.Length, PooledRidge));
            _arms.Clear();
        }

        if (!_arms.TryGetValue(arm, out var own))
        {
            _arms[arm] = own = new OnlineRidge(x.Length, ArmRidge);
        }

        if (previous is { } replaced)
        {
            own.Correct(x, reward - replaced);
            return;
        }

        var left = reward - Neutral - _pooled!.Predict(x);
        _pooled.Learn(x, reward - Neutral);
        own.Learn(x, left);
    }
}
