using MetaLlm.Engine.Orleans.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Gives a silo a grain storage for snapshots.</summary>
public static class MetaLlmStorageExtensions
{
    /// <summary>Orleans' name for SQLite; it loads <c>Microsoft.Data.Sqlite</c>.</summary>
    internal const string SqliteInvariant = "System.Data.SQLite";

    /// <summary>Adds a grain storage. The tables of a database are made beforehand.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="storage">Which kind.</param>
    /// <param name="connectionString">Connection string of the database; null for memory. Never logged.</param>
    /// <param name="name">Name of the storage, as <see cref="OrleansEngineOptions.SnapshotStorage"/> has it.</param>
    /// <returns>The same silo.</returns>
    /// <exception cref="ArgumentException">The kind is unknown, or a database has no connection string.</exception>
    public static ISiloBuilder AddMetaLlmSnapshots(
        this ISiloBuilder silo,
        SnapshotStorage storage,
        string? connectionString = null,
        string name = OrleansEngineOptions.DefaultSnapshotStorage)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        var invariant = storage switch
        {
            SnapshotStorage.Memory => null,
            SnapshotStorage.Postgres => MetaLlmClusteringExtensions.PostgresInvariant,
            SnapshotStorage.Sqlite => SqliteInvariant,
            _ => throw new ArgumentException(
                $"storage is {storage}; it must be one of {string.Join(", ", Enum.GetNames<SnapshotStorage>())}.", nameof(storage)),
        };
        if (invariant is null)
        {
            return silo.AddMemoryGrainStorage(name);
        }

        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new ArgumentException($"connectionString is empty; storage {storage} needs one.", nameof(connectionString));
        }

        return silo.AddAdoNetGrainStorage(name, options => options.Configure<IServiceProvider>((adoNet, services) =>
        {
            adoNet.Invariant = invariant;
            adoNet.ConnectionString = connectionString;
            adoNet.GrainStorageSerializer = ActivatorUtilities.CreateInstance<SnapshotStateSerializer>(
                services, ActivatorUtilities.CreateInstance<OrleansGrainStorageSerializer>(services));
        }));
    }
}
