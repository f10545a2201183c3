using MetaLlm.Core.Bandits;
using MetaLlm.Core.Features;

namespace MetaLlm.Core.Tenancy;

/// <summary>
/// Maps warm starts and quizzes of a tenant's log to the contexts that the tenant saw, so that another policy can be taught the same. Tag slots and
/// fit follow from the log; whether they are the tenant's is checked against the layout that its decisions name.
/// </summary>
public sealed class TrainingSetReplay
{
    private readonly TaskVocabulary _tags = new();
    private FeatureMap? _fitted;

    /// <summary>Takes in a decision: its tag may own a slot from now on.</summary>
    /// <param name="decision">Every decision of the log is to be shown, in order.</param>
    public void Observe(DecisionRecord decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        if (decision.Task is { } task)
        {
            _tags.Add(task);
        }
    }

    /// <summary>The rows of a warm start as a policy reads them.</summary>
    /// <param name="set">The queries.</param>
    /// <param name="configuration">The configuration in force when they came.</param>
    /// <param name="featureSchema">Layout of the next decision's context.</param>
    /// <returns>
    /// Rows with outcomes in the order of that configuration's arms. Null when the tenant did not learn from the set, or has learned from another one since; also when
    /// embeddings were reduced by the model's own reduction, as for fewer than two rows per component, which a log does not hold.
    /// </returns>
    public IReadOnlyList<WarmStartRow>? Map(WarmStartSet set, TenantConfiguration configuration, string featureSchema)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(featureSchema);
        if (!set.Knows(configuration.Arms) || Unfitted(set, featureSchema) is not { } features)
        {
            return null;
        }

        AddTags(features);
        var rows = set.RowsOf(configuration.Arms);
        features.Fit([.. rows.Select(row => row.Features)]);
        if (!features.IsFittedAs(featureSchema, configuration.Parts))
        {
            return null;
        }

        foreach (var tag in features.Tasks.Tags)
        {
            _tags.Add(tag);
        }

        _fitted = features;
        return Map(features, rows, configuration.Parts);
    }

    /// <summary>The rows of a quiz as a policy reads them.</summary>
    /// <param name="quiz">What one arm answered.</param>
    /// <param name="configuration">The configuration in force.</param>
    /// <param name="featureSchema">Layout of the contexts of that time.</param>
    /// <returns>
    /// Rows with outcomes in the order of that configuration's arms. Null when the arm is gone, when the layout is not that of the last warm start that could be mapped or, before
    /// one, of a tenant without; also when embeddings were reduced by the model's own reduction, which a log does not hold.
    /// </returns>
    public IReadOnlyList<WarmStartRow>? Map(QuizSet quiz, TenantConfiguration configuration, string featureSchema)
    {
        ArgumentNullException.ThrowIfNull(quiz);
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(featureSchema);
        var set = quiz.Outcomes;
        var features = _fitted is { } fitted && fitted.EmbeddingModelId == set.EmbeddingModelId ? fitted : Unfitted(set, featureSchema);
        if (features is null || !features.IsFittedAs(featureSchema, configuration.Parts) || configuration.Arms.All(arm => arm.Id != quiz.ArmId))
        {
            return null;
        }

        AddTags(features);
        return Map(features, set.RowsOf(configuration.Arms), configuration.Parts);
    }

    // A map that starts as the tenant's did, except for the reduction of the embedding model, which a log does not hold: where it matters nothing is mapped.
    private static FeatureMap? Unfitted(WarmStartSet set, string featureSchema)
    {
        if (FeatureMap.ReducedLengthOf(featureSchema) is not { } reduced)
        {
            return null;
        }

        var length = Math.Max(1, set.Rows.Max(row => row.Features.Embedding.Length));
        return new FeatureMap(set.EmbeddingModelId, new LinearReduction("log", length, new float[reduced * length], new float[length], 1));
    }

    private void AddTags(FeatureMap features)
    {
        foreach (var tag in _tags.Tags)
        {
            features.Tasks.Add(tag);
        }
    }

    private static IReadOnlyList<WarmStartRow>? Map(FeatureMap features, IReadOnlyList<WarmStartQuery> rows, ContextParts parts)
    {
        var embedded = parts.HasFlag(ContextParts.Embedding) && rows.Any(row => row.Features.Embedding.Length > 0);
        return embedded && !features.HasOwnReduction ? null : features.Map(rows, parts);
    }
}
