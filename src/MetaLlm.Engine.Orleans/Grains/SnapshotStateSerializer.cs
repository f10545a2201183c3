using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>
/// Snapshots as Orleans' own bytes; JSON, the default of grain storages, would make text of them. Bytes that cannot be read come back
/// as a snapshot of nothing: a grain whose state fails to load never activates, while one with an unusable snapshot is rebuilt from the
/// journal and replaces it.
/// </summary>
/// <param name="inner">Writes the bytes, and reads those that are sound.</param>
/// <param name="logger">Log of damage.</param>
internal sealed partial class SnapshotStateSerializer(OrleansGrainStorageSerializer inner, ILogger<SnapshotStateSerializer> logger) : IGrainStorageSerializer
{
    private readonly ILogger _logger = logger;

    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => inner.Serialize(input);

    /// <inheritdoc/>
    public T Deserialize<T>(BinaryData input)
    {
        try
        {
            return inner.Deserialize<T>(input) is { } state ? state : Unreadable<T>();
        }
        catch (Exception error) when (typeof(T) == typeof(SnapshotState))
        {
            LogUnreadable(error);
            return Unreadable<T>();
        }
    }

    private static T Unreadable<T>() => (T)(object)new SnapshotState { Bytes = [] };

    [LoggerMessage(2215, LogLevel.Warning, "A stored snapshot cannot be read.")]
    private partial void LogUnreadable(Exception error);
}
