using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;

namespace MetaLlm.Core.Tenancy;

/// <summary>Refuses rows of warm starts and quizzes that a policy could not learn from.</summary>
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
        CheckHead("Warm start", set, embeddingModelId, WarmStartSet.FewestRows, WarmStartSet.MostRows);
        if (arms.Except(set.ArmIds, StringComparer.Ordinal).FirstOrDefault() is { } missing)
        {
            throw new ArgumentException(
                $"Warm start: ArmIds lacks '{missing}'; every arm of the tenant must be there, and {string.Join(", ", set.ArmIds)} are.");
        }

        CheckRows("Warm-start", set.Rows, set.ArmIds.Count, embeddingLength);
    }

    /// <summary>Checks a quiz as a whole: its arm, its size and every number in it. Outcomes of other arms may be unknown: their reward is NaN.</summary>
    /// <param name="quiz">The quiz.</param>
    /// <param name="embeddingModelId">The model that its embeddings must be of.</param>
    /// <param name="embeddingLength">Length of that model's embeddings.</param>
    /// <param name="arms">Ids of the tenant's arms.</param>
    /// <exception cref="ArgumentException">Something does not fit; the message names it.</exception>
    public static void Check(QuizSet quiz, string embeddingModelId, int embeddingLength, IEnumerable<string> arms)
    {
        var set = quiz.Outcomes;
        CheckHead("Quiz", set, embeddingModelId, QuizSet.FewestRows, QuizSet.MostRows);
        if (!arms.Contains(quiz.ArmId, StringComparer.Ordinal))
        {
            throw new ArgumentException($"Quiz: ArmId is '{quiz.ArmId}'; the tenant's arms are {string.Join(", ", arms)}.");
        }

        var asked = set.ArmIds.ToList().IndexOf(quiz.ArmId);
        if (asked < 0)
        {
            throw new ArgumentException($"Quiz: ArmIds lacks '{quiz.ArmId}', the arm that was asked; {string.Join(", ", set.ArmIds)} are there.");
        }

        CheckRows("Quiz", set.Rows, set.ArmIds.Count, embeddingLength, (row, arm) => arm != asked && double.IsNaN(row.Rewards[arm]));
    }

    /// <summary>Checks evidence: rows in which the reward of an arm may be NaN, which says that it is not known what its answer was worth; where the cost is NaN as well, nothing is known of it.</summary>
    /// <param name="set">The rows.</param>
    /// <param name="embeddingModelId">The model that its embeddings must be of.</param>
    /// <param name="embeddingLength">Length of that model's embeddings.</param>
    /// <param name="arms">The tenant's arms; the rows must tell of one of them.</param>
    /// <exception cref="ArgumentException">Something does not fit; the message names it.</exception>
    public static void CheckEvidence(WarmStartSet set, string embeddingModelId, int embeddingLength, IReadOnlyList<Arm> arms)
    {
        CheckHead("Evidence", set, embeddingModelId, WarmStartSet.FewestRows, WarmStartSet.MostRows);
        CheckRows("Evidence", set.Rows, set.ArmIds.Count, embeddingLength, (row, arm) => double.IsNaN(row.Rewards[arm]));
        if (!set.TellsOf(arms))
        {
            var ids = string.Join(", ", arms.Select(a => a.Id));
            throw new ArgumentException(arms.Any(arm => set.ArmIds.Contains(arm.Id, StringComparer.Ordinal))
                ? $"Evidence: no Reward of {ids} is known; rows must tell of at least one of the tenant's arms."
                : $"Evidence: ArmIds has {string.Join(", ", set.ArmIds)}; the tenant's arms are {ids}.");
        }
    }

    /// <summary>Checks every number of every row.</summary>
    /// <param name="what">What the rows are, as errors name it.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="arms">How many arms have outcomes.</param>
    /// <param name="embeddingLength">Length of an embedding.</param>
    /// <param name="unknown">Of which arms a row may know nothing; none unless given.</param>
    /// <exception cref="ArgumentException">Something does not fit; the message names it.</exception>
    public static void CheckRows(string what, IReadOnlyList<WarmStartQuery> rows, int arms, int embeddingLength, Func<WarmStartQuery, int, bool>? unknown = null)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            CheckOutcomes(what, i, rows[i], arms, unknown);
            CheckFeatures(what, i, rows[i].Features, embeddingLength);
        }
    }

    private static void CheckHead(string what, WarmStartSet set, string embeddingModelId, int fewest, int most)
    {
        if (set.EmbeddingModelId != embeddingModelId)
        {
            throw new ArgumentException($"{what}: EmbeddingModelId is '{set.EmbeddingModelId}'; the tenant's model is '{embeddingModelId}'.");
        }

        if (set.Rows.Count < fewest || set.Rows.Count > most)
        {
            throw new ArgumentException($"{what}: Rows has {set.Rows.Count} entries; {fewest} to {most} are legal.");
        }

        if (set.ArmIds.Distinct(StringComparer.Ordinal).Count() != set.ArmIds.Count)
        {
            throw new ArgumentException($"{what}: ArmIds names an arm twice: {string.Join(", ", set.ArmIds)}.");
        }
    }

    private static void CheckOutcomes(string what, int index, WarmStartQuery row, int arms, Func<WarmStartQuery, int, bool>? unknown)
    {
        CheckLength(what, index, nameof(row.Rewards), row.Rewards.Length, arms);
        CheckLength(what, index, nameof(row.Usage), row.Usage.Length, arms);
        CheckLength(what, index, nameof(row.CostUsd), row.CostUsd.Length, arms);
        CheckLength(what, index, nameof(row.LatencySeconds), row.LatencySeconds.Length, arms);
        for (var a = 0; a < arms; a++)
        {
            if (unknown?.Invoke(row, a) != true)
            {
                CheckNumber(what, index, a, nameof(row.Rewards), row.Rewards[a], 1);
            }
            else if (double.IsNaN(row.CostUsd[a]))
            {
                continue;
            }

            CheckNumber(what, index, a, nameof(row.CostUsd), row.CostUsd[a], double.MaxValue);
            CheckNumber(what, index, a, "Usage.Input", row.Usage[a].Input, double.MaxValue);
            CheckNumber(what, index, a, "Usage.CachedInput", row.Usage[a].CachedInput, double.MaxValue);
            CheckNumber(what, index, a, "Usage.Output", row.Usage[a].Output, double.MaxValue);
        }
    }

    private static void CheckFeatures(string what, int row, QueryFeatures features, int embeddingLength)
    {
        if (!features.HasLegalLengths || !features.Structural.All(float.IsFinite))
        {
            throw new ArgumentException(
                $"{what} row {row}: Structural has {features.Structural.Length} entries; {StructuralFeatures.Count} finite ones are needed, and {LanguageFeatures.Count} more where the language is known.");
        }

        if ((features.Embedding.Length != 0 && features.Embedding.Length != embeddingLength) || !features.Embedding.All(float.IsFinite))
        {
            throw new ArgumentException(
                $"{what} row {row}: Embedding has {features.Embedding.Length} entries; {embeddingLength} finite ones, or none, are needed.");
        }

        if (!(features.InputTokens >= 1) || !double.IsFinite(features.InputTokens))
        {
            throw new ArgumentException($"{what} row {row}: InputTokens is {features.InputTokens}; it must be finite and at least 1.");
        }

        if (features.Task is { Length: 0 or > WarmStartSet.LongestTask })
        {
            throw new ArgumentException($"{what} row {row}: Task has {features.Task.Length} characters; 1 to {WarmStartSet.LongestTask}, or none, are legal.");
        }
    }

    private static void CheckLength(string what, int row, string field, int length, int arms)
    {
        if (length != arms)
        {
            throw new ArgumentException($"{what} row {row}: {field} has {length} entries; the configuration has {arms} arms.");
        }
    }

    private static void CheckNumber(string what, int row, int arm, string field, double value, double maximum)
    {
        if (!(value >= 0 && value <= maximum))
        {
            var range = maximum == 1 ? "0 to 1" : "finite and at least 0";
            throw new ArgumentException($"{what} row {row}: {field}[{arm}] is {value}; it must be {range}.");
        }
    }
}
