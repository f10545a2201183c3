using MetaLlm.Embeddings;
using MetaLlm.Embeddings.Caching;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaLlm.Lab;

/// <summary>Opens the embedding model of all published figures, behind the user's cache of vectors. The product serves its faster form.</summary>
internal static class EmbedderSetup
{
    /// <summary>Opens the model.</summary>
    /// <param name="error">Told when vectors cannot be cached; that costs time, not results.</param>
    /// <param name="cancellationToken">Cancels before the model is loaded.</param>
    /// <returns>An embedder that the caller disposes of.</returns>
    public static async ValueTask<IEmbedder> OpenAsync(TextWriter error, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var model = EmbedderFactory.Create(new EmbeddingsOptions { ModelDirectory = Path.Combine(AppContext.BaseDirectory, "models", "use-lite-en") }, NullLogger.Instance);
        try
        {
            return new OwnedCachedEmbedder(model, EmbeddingCache.Open(EmbeddingCache.DefaultDirectory, model.Model));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"metallm: embeddings are not cached: {e.Message}");
            return model;
        }
    }
}
