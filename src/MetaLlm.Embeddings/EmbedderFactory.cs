using MetaLlm.Embeddings.Hashing;
using MetaLlm.Embeddings.Models;
using MetaLlm.Embeddings.Onnx;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Embeddings;

/// <summary>Makes the embedder that options ask for.</summary>
public static partial class EmbedderFactory
{
    /// <summary>Loads the model; where that fails and the options allow it, word hashing stands in and the log says so.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="logger">Receives one message: which model runs, or why hashing stands in.</param>
    /// <returns>The embedder, owned by the caller; dispose it if it is disposable.</returns>
    /// <exception cref="InvalidModelException">The model cannot be used and no fallback is allowed.</exception>
    public static IEmbedder Create(EmbeddingsOptions options, ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logger);
        try
        {
            var embedder = new OnnxEmbedder(EmbeddingModel.Load(options.ModelDirectory), options.Threads, options.QueueCapacity);
            LogLoaded(logger, embedder.Model.Name, embedder.Model.Dimensions, options.Threads);
            return embedder;
        }
        catch (Exception e) when (options.AllowHashingFallback && IsUnavailable(e))
        {
            var fallback = new HashingEmbedder();
            LogFallback(logger, e, options.ModelDirectory, fallback.Model.Name);
            return fallback;
        }
    }

    /// <summary>The model is unusable, unreadable, or the native library of ONNX Runtime is missing on this platform.</summary>
    private static bool IsUnavailable(Exception e) =>
        e is InvalidModelException or IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException
        || (e is TypeInitializationException && e.InnerException is not null && IsUnavailable(e.InnerException));

    [LoggerMessage(EventId = 4001, Level = LogLevel.Information, Message = "Embedding with {ModelId}: {Dimensions} dimensions, {Threads} threads.")]
    private static partial void LogLoaded(ILogger logger, string modelId, int dimensions, int threads);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Warning, Message = "The embedding model in {ModelDirectory} is unavailable. Word hashing ({FallbackId}) stands in: routing will see words, not meaning, and state learned with another model is refused.")]
    private static partial void LogFallback(ILogger logger, Exception exception, string modelDirectory, string fallbackId);
}
