using MetaLlm.Core.Features;

namespace MetaLlm.Core.Tenancy;

/// <summary>Refuses warm-start rows that a policy could not learn from.</summary>
internal static class WarmStartCheck
{
    /// <summary>Checks a set as a whole: its arms, its size and every number in it.</summary>
    /// <param name="set">The set.</param>
    /// <param name="embeddingModelId">The model that its embeddings must be of.</param>
    /// <param name="embeddingLength">Length of that model's embeddings.</param>
    /// <param name="arms">Ids of the arms that every row must know.</param>
    /// <exception cref="ArgumentException">Something does not fit; the message names it.</exception>
    public static void Check(WarmStartSet set, string embeddingModelId, int embeddingLength, IEnumerable<string> arms)
    {
        if (set.EmbeddingModelId != embeddingModelId)
        {
            throw new ArgumentException($"Warm start: EmbeddingModelId is '{set.EmbeddingModelId}'; the tenant's model is '{embeddingModelId}'.");
        }

        if (set.Rows.Count is < WarmStartSet.FewestRows or > WarmStartSet.MostRows)
        {
            throw new ArgumentException($"Warm start: Rows has {set.Rows.Count} entries; {WarmStartSet.FewestRows} to {WarmStartSet.MostRows} are legal.");
        }

        if (set.ArmIds.Distinct(StringComparer.Ordinal).Count() != set.ArmIds.Count)
        {
            throw new ArgumentException($"Warm start: ArmIds names an arm twice: {string.Join(", ", set.ArmIds)}.");
        }

        if (arms.Except(set.ArmIds, StringComparer.Ordinal).FirstOrDefault() is { } missing)
        {
            throw new ArgumentException(
                $"Warm start: ArmIds lacks '{missing}'; every arm of the tenant must be there, and {string.Join(", ", set.ArmIds)} are.");
        }

        Check(set.Rows, set.ArmIds.Count);
        for (var i = 0; i < set.Rows.Count; i++)
        {
            CheckFeatures(i, set.Rows[i].Features, embeddingLength);
        }
    }

    public static void Check(IReadOnlyList<WarmStartQuery> rows, int arms)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            CheckLength(i, nameof(row.Rewards), row.Rewards.Length, arms);
            CheckLength(i, nameof(row.Usage), row.Usage.Length, arms);
            CheckLength(i, nameof(row.CostUsd), row.CostUsd.Length, arms);
            CheckLength(i, nameof(row.LatencySeconds), row.LatencySeconds.Length, arms);
            for (var a = 0; a < arms; a++)
            {
                CheckNumber(i, a, nameof(row.Rewards), row.Rewards[a], 1);
                CheckNumber(i, a, nameof(row.CostUsd), row.CostUsd[a], double.MaxValue);
                CheckNumber(i, a, "Usage.Input", row.Usage[a].Input, double.MaxValue);
                CheckNumber(i, a, "Usage.CachedInput", row.Usage[a].CachedInput, double.MaxValue);
                CheckNumber(i, a, "Usage.Output", row.Usage[a].Output, double.MaxValue);
            }
        }
    }

    private static void CheckFeatures(int row, QueryFeatures features, int embeddingLength)
    {
        if (features.Structural.Length != StructuralFeatures.Count || !features.Structural.All(float.IsFinite))
        {
            throw new ArgumentException(
                $"Warm-start row {row}: Structural has {features.Structural.Length} entries; {StructuralFeatures.Count} finite ones are needed.");
        }

        if ((features.Embedding.Length != 0 && features.Embedding.Length != embeddingLength) || !features.Embedding.All(float.IsFinite))
        {
            throw new ArgumentException(
                $"Warm-start row {row}: Embedding has {features.Embedding.Length} entries; {embeddingLength} finite ones, or none, are needed.");
        }

        if (!(features.InputTokens >= 1) || !double.IsFinite(features.InputTokens))
        {
            throw new ArgumentException($"Warm-start row {row}: InputTokens is {features.InputTokens}; it must be finite and at least 1.");
        }

        if (features.Task is { Length: 0 or > WarmStartSet.LongestTask })
        {
            throw new ArgumentException($"Warm-start row {row}: Task has {features.Task.Length} characters; 1 to {WarmStartSet.LongestTask}, or none, are legal.");
        }
    }

    private static void CheckLength(int row, string field, int length, int arms)
    {
        if (length != arms)
        {
            throw new ArgumentException($"Warm-start row {row}: {field} has {length} entries; the configuration has {arms} arms.");
        }
    }

    private static void CheckNumber(int row, int arm, string field, double value, double maximum)
    {
        if (!(value >= 0 && value <= maximum))
        {
            var range = maximum == 1 ? "0 to 1" : "finite and at least 0";
            throw new ArgumentException($"Warm-start row {row}: {field}[{arm}] is {value}; it must be {range}.");
        }
    }
}
