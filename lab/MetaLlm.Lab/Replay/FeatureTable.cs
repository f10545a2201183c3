using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Replay;

/// <summary>What is known of every query of a data set before it is answered, and the model that embedded them.</summary>
/// <param name="ModelId">Id of the embedding model; <c>none</c> when embeddings are not used.</param>
/// <param name="Reduction">The model's own reduction.</param>
/// <param name="Queries">Features by row index.</param>
internal sealed record FeatureTable(string ModelId, LinearReduction Reduction, IReadOnlyList<QueryFeatures> Queries)
{
    private const int BatchSize = 64;

    // The usual rule of thumb for English text; outcomes, which hold the true count, must not be looked at.
    private const double CharactersPerToken = 4;

    /// <summary>Computes the features of every row once, for all policies and seeds.</summary>
    /// <param name="dataset">The data set.</param>
    /// <param name="parts">Parts of the context in use: without the embedding no model is opened.</param>
    /// <param name="environment">Opens the model and shows progress.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    public static async Task<FeatureTable> CreateAsync(
        ReplayDataset dataset, ContextParts parts, LabEnvironment environment, CancellationToken cancellationToken)
    {
        if (!parts.HasFlag(ContextParts.Embedding))
        {
            return new FeatureTable("none", new LinearReduction("none", 1, [1f], [0f], 1), [.. dataset.Rows.Select(row => Features(row, [], parts))]);
        }

        var embedder = await environment.OpenEmbedder(cancellationToken);
        try
        {
            var queries = new List<QueryFeatures>(dataset.Rows.Count);
            await ProgressDisplay.RunAsync(environment, $"Embedding {dataset.Name}", dataset.Rows.Count, async report =>
            {
                foreach (var batch in dataset.Rows.Chunk(BatchSize))
                {
                    var vectors = await embedder.EmbedBatchAsync([.. batch.Select(r => r.Text)], cancellationToken);
                    queries.AddRange(batch.Select((row, i) => Features(row, vectors[i], parts)));
                    report(batch.Length);
                }
            });
            return new FeatureTable(embedder.Model.Id, embedder.Model.Reduction, queries);
        }
        finally
        {
            (embedder as IDisposable)?.Dispose();
        }
    }

    /// <summary>The same queries as if no tag had been recorded.</summary>
    public FeatureTable WithoutTask() => this with { Queries = [.. Queries.Select(q => q with { Task = null })] };

    // A tag that policies must not use is not there at all: neither in contexts nor in records nor in what is fitted.
    private static QueryFeatures Features(ReplayRow row, float[] embedding, ContextParts parts)
    {
        var tokens = Math.Ceiling(row.Text.Length / CharactersPerToken);
        return QueryFeatures.Of(row.Text, embedding, parts.HasFlag(ContextParts.Task) ? row.Task : null, tokens).SeenWith(row.Text, parts);
    }
}
