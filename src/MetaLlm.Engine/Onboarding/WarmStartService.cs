using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Onboarding;

/// <summary>Turns answered queries into a warm start or a quiz: reads and embeds them the way requests are, and hands them to the tenant's owner.</summary>
/// <remarks>Safe for concurrent use.</remarks>
/// <param name="engine">Where tenants live.</param>
/// <param name="embedder">Turns queries into vectors.</param>
/// <param name="catalog">What tenants see of a query.</param>
public sealed class WarmStartService(ITenantEngine engine, IEmbedder embedder, IArmCatalog catalog)
{
    // Texts that go to the embedder at once; on a cluster they share a message.
    private const int Batch = 64;

    /// <summary>Embeds the queries and teaches the tenant's policy.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="armIds">Ids of the arms, in the order of the outcomes.</param>
    /// <param name="examples">The queries.</param>
    /// <param name="cancellationToken">Cancels before anything is recorded.</param>
    /// <returns>What became of it; durable and learned from.</returns>
    /// <exception cref="ArgumentException">The examples cannot be learned from; the message names what is wrong.</exception>
    public async Task<WarmStartReceipt> TeachAsync(
        string tenant, IReadOnlyList<string> armIds, IReadOnlyList<WarmStartExample> examples, CancellationToken cancellationToken)
    {
        return await engine.WarmStartAsync(tenant, await EmbedAsync(tenant, armIds, examples, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Embeds the queries and tells what is believed of one arm.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="armId">The arm that was asked.</param>
    /// <param name="armIds">Ids of the arms, in the order of the outcomes; that arm among them.</param>
    /// <param name="examples">The queries.</param>
    /// <param name="cancellationToken">Cancels before anything is recorded.</param>
    /// <returns>What became of it; durable and learned from.</returns>
    /// <exception cref="ArgumentException">The examples cannot be learned from; the message names what is wrong.</exception>
    public async Task<WarmStartReceipt> QuizAsync(
        string tenant, string armId, IReadOnlyList<string> armIds, IReadOnlyList<WarmStartExample> examples, CancellationToken cancellationToken)
    {
        var quiz = new QuizSet { ArmId = armId, Outcomes = await EmbedAsync(tenant, armIds, examples, cancellationToken).ConfigureAwait(false) };
        return await engine.QuizAsync(tenant, quiz, cancellationToken).ConfigureAwait(false);
    }

    private async Task<WarmStartSet> EmbedAsync(
        string tenant, IReadOnlyList<string> armIds, IReadOnlyList<WarmStartExample> examples, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(armIds);
        ArgumentNullException.ThrowIfNull(examples);
        var parts = catalog.Context(tenant);
        var rows = new List<WarmStartQuery>(examples.Count);
        foreach (var batch in examples.Chunk(Batch))
        {
            var embeddings = await embedder.EmbedBatchAsync([.. batch.Select(e => e.Query)], cancellationToken).ConfigureAwait(false);
            rows.AddRange(batch.Zip(embeddings, (example, embedding) => Row(example, embedding, parts)));
        }

        return new WarmStartSet { EmbeddingModelId = embedder.Model.Id, ArmIds = armIds, Rows = rows };
    }

    private static WarmStartQuery Row(WarmStartExample example, float[] embedding, ContextParts parts) => new(
        QueryFeatures.Of(example.Query, embedding, example.Task, example.InputTokens).SeenWith(example.Query, parts),
        [.. example.Outcomes.Select(o => o.Reward)],
        [.. example.Outcomes.Select(o => o.Usage)],
        [.. example.Outcomes.Select(o => o.CostUsd)],
        [.. example.Outcomes.Select(o => o.LatencySeconds)]);
}
