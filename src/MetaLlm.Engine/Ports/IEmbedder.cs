namespace MetaLlm.Engine.Ports;

/// <summary>Turns texts into embedding vectors of one fixed model.</summary>
/// <remarks>
/// Implementations are safe for concurrent use. The vectors of one model are unit length and do not depend on how
/// texts are batched (within 1e-5 in any coordinate).
/// </remarks>
public interface IEmbedder
{
    /// <summary>The model and the reduction that belongs to it.</summary>
    EmbeddingModelInfo Model { get; }

    /// <summary>Embeds one text.</summary>
    /// <param name="text">Any text, the empty one included; what lies past the model's token limit is cut off.</param>
    /// <param name="cancellationToken">Cancels the wait; a native call that already runs is completed and dropped.</param>
    /// <returns>A vector of <see cref="EmbeddingModelInfo.Dimensions"/> entries, owned by the caller.</returns>
    ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken);

    /// <summary>Embeds several texts in one call; the result has the order of <paramref name="texts"/>.</summary>
    /// <param name="texts">The texts; an empty list gives an empty result.</param>
    /// <param name="cancellationToken">Cancels between sub-batches.</param>
    /// <returns>One vector per text.</returns>
    ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken);
}
