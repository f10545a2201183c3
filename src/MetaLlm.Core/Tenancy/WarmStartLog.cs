using MetaLlm.Core.Bandits;
using MetaLlm.Core.Features;

namespace MetaLlm.Core.Tenancy;

/// <summary>
/// Maps warm starts of a tenant's log to the contexts that the tenant saw, so that another policy can be taught the same. Tag slots and fit follow
/// from the log; whether they are the tenant's is checked against the layout that its next decision names.
/// </summary>
public sealed class WarmStartLog
{
    private readonly List<string> _tags = [];

    /// <summary>Takes in a decision: its tag may own a slot from now on.</summary>
    /// <param name="decision">Every decision of the log is to be shown, in order.</param>
    public void Observe(DecisionRecord decision)
    {
        ArgumentNullException.ThrowIfNull(decision);
        if (decision.Task is { } task)
        {
            Add(task);
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
        if (!set.Knows(configuration.Arms) || FeatureMap.ReducedLengthOf(featureSchema) is not { } reduced)
        {
            return null;
        }

        var rows = set.RowsOf(configuration.Arms);

        // Where the fit leaves the model's reduction in place nothing is mapped, so any will do here.
        var length = Math.Max(1, rows.Max(row => row.Features.Embedding.Length));
        var features = new FeatureMap(set.EmbeddingModelId, new LinearReduction("log", length, new float[reduced * length], new float[length], 1));
        foreach (var tag in _tags)
        {
            features.Tasks.Add(tag);
        }

        features.Fit([.. rows.Select(row => row.Features)]);
        if (!features.IsFittedAs(featureSchema, configuration.Parts))
        {
            return null;
        }

        foreach (var tag in features.Tasks.Tags)
        {
            Add(tag);
        }

        var embedded = configuration.Parts.HasFlag(ContextParts.Embedding) && rows.Any(row => row.Features.Embedding.Length > 0);
        return embedded && !features.HasOwnReduction ? null : features.Map(rows, configuration.Parts);
    }

    private void Add(string tag)
    {
        if (_tags.Count < TaskVocabulary.Slots && !_tags.Contains(tag))
        {
            _tags.Add(tag);
        }
    }
}
