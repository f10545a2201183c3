using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Arms;

namespace MetaLlm.Gateway.Configuration;

/// <summary>What is expected of a model's answers before it was called, from public boards or own evaluations. Rewards overrule it. Without <c>quality</c> and <c>byTask</c> there is no card.</summary>
public sealed class CardSettings
{
    /// <summary>How many rewards the card counts as.</summary>
    [Range(ModelCard.LeastWeight, ModelCard.LargestWeight)]
    public double Weight { get; init; } = 20;

    /// <summary>Mean reward over all requests; without it, the mean over the tasks.</summary>
    [Range(0.0, 1.0)]
    public double? Quality { get; init; }

    /// <summary>Mean reward by task tag, 0 to 1, of 24 tasks at most. Tasks that are missing are expected to be like all requests.</summary>
    [Range(0.0, 1.0)]
    public IReadOnlyDictionary<string, double> ByTask { get; init; } = new Dictionary<string, double>();

    /// <summary>What a policy reads; null where nothing is said.</summary>
    internal ModelCard? ToCard() => Quality is null && ByTask.Count == 0 ? null : new ModelCard { Weight = Weight, Quality = Quality, ByTask = ByTask };
}
