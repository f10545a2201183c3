
namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>Keeps snapshots in a grain storage that is named when the silo starts, where an attribute would fix the name in code.</summary>
internal sealed class SnapshotStateConfiguration(string storageName) : IPersistentStateConfiguration
{
    /// <inheritdoc/>
    public string StateName => "snapshot";

    /// <inheritdoc/>
    public string StorageName => storageName;
}
