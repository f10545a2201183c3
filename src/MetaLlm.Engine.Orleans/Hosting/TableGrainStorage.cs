using System.Globalization;
using System.Text;
using MetaLlm.Engine.Ports;
using Orleans.Configuration;
using Orleans.Storage;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Grain storage in the journal's own file. It reads and writes the rows of Orleans' ADO.NET grain storage, whose place it takes.</summary>
/// <remarks>
/// A file that has one writer cannot be shared with a provider that brings connections of its own: each would wait for the other's locks,
/// with pauses that are long beside a commit.
/// </remarks>
/// <param name="table">The table.</param>
/// <param name="serializer">Reads and writes the bytes.</param>
/// <param name="cluster">Names the service.</param>
internal sealed class TableGrainStorage(IGrainStateTable table, IGrainStorageSerializer serializer, ClusterOptions cluster) : IGrainStorage
{
    private static readonly OrleansDefaultHasher Hasher = new();

    /// <inheritdoc/>
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var found = await table.ReadAsync(Key(stateName, grainId), CancellationToken.None).ConfigureAwait(false);
        grainState.State = found?.Payload is { } payload ? serializer.Deserialize<T>(new BinaryData(payload)) : Activator.CreateInstance<T>();
        grainState.ETag = found?.Version.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = found?.Payload is not null;
    }

    /// <inheritdoc/>
    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = await WriteAsync(stateName, grainId, serializer.Serialize(grainState.State).ToArray(), grainState.ETag).ConfigureAwait(false);
        grainState.RecordExists = true;
    }

    /// <inheritdoc/>
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (grainState.ETag is not null)
        {
            grainState.ETag = await WriteAsync(stateName, grainId, null, grainState.ETag).ConfigureAwait(false);
        }

        grainState.State = Activator.CreateInstance<T>();
        grainState.RecordExists = false;
    }

    private async ValueTask<string> WriteAsync(string stateName, GrainId grainId, byte[]? payload, string? etag)
    {
        int? expected = etag is null ? null : int.Parse(etag, CultureInfo.InvariantCulture);
        var version = await table.WriteAsync(Key(stateName, grainId), payload, expected, CancellationToken.None).ConfigureAwait(false)
            ?? throw new InconsistentStateException($"State {stateName} of grain {grainId} has another version than {etag ?? "(none)"}.");
        return version.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The provider takes keys for GUIDs, then for numbers, then for texts; its hashes are over the bytes in reverse.</summary>
    private GrainStateKey Key(string stateName, GrainId grainId)
    {
        long n0 = 0, n1 = 0;
        byte[] hashed = [];
        if (grainId.TryGetGuidKey(out var guid, out var text))
        {
            hashed = guid.ToByteArray();
            (n0, n1) = (BitConverter.ToInt64(hashed, 0), BitConverter.ToInt64(hashed, 8));
        }
        else if (grainId.TryGetIntegerKey(out var number, out text))
        {
            hashed = BitConverter.GetBytes(number);
            n1 = number;
        }
        else
        {
            text = grainId.Key.ToString();
        }

        hashed = [.. hashed, .. Encoding.UTF8.GetBytes(text ?? string.Empty)];
        Array.Reverse(hashed);
        return new GrainStateKey(
            Hasher.Hash(hashed), Hasher.Hash(Encoding.UTF8.GetBytes(stateName)), n0, n1, text ?? string.Empty, stateName, cluster.ServiceId);
    }
}
