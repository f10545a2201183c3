using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MetaLlm.Embeddings;

/// <summary>Which embedding model runs, and on how many cores.</summary>
public sealed class EmbeddingsOptions
{
    internal const int MostThreads = 256;
    internal const int DefaultQueueCapacity = 4096;
    internal const int LargestQueueCapacity = 1_000_000;

    /// <summary>Directory of the model, with its manifest.json; use-lite-en, beside the default, is the same model in 32-bit arithmetic, three times as slow.</summary>
    /// <value>The default is <c>models/use-lite-en-int8</c> beside the application's binaries. A relative path starts at the working directory.</value>
    [Required, StringLength(4096), DefaultValue("`models/use-lite-en-int8` beside the binaries")]
    public string ModelDirectory { get; set; } = Path.Combine(AppContext.BaseDirectory, "models", "use-lite-en-int8");

    /// <summary>How many texts are embedded at the same time, each on one core.</summary>
    /// <value>The default is the number of cores; 1 to 256.</value>
    [Range(1, MostThreads), DefaultValue("the number of cores")]
    public int Threads { get; set; } = Math.Clamp(Environment.ProcessorCount, 1, MostThreads);

    /// <summary>Most texts and batches that may wait for a core; further callers wait until there is room.</summary>
    /// <value>Default 4,096; 1 to 1,000,000.</value>
    [Range(1, LargestQueueCapacity)]
    public int QueueCapacity { get; set; } = DefaultQueueCapacity;

    /// <summary>Whether word hashing stands in, with a warning in the log, where the model or ONNX Runtime cannot be loaded.</summary>
    /// <value>The default is false: a model that cannot be loaded stops the start.</value>
    public bool AllowHashingFallback { get; set; }
}
