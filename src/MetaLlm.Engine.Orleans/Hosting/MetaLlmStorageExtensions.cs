using MetaLlm.Engine.Orleans.Grains;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Gives a silo a grain storage for snapshots.</summary>
public static class MetaLlmStorageExtensions
{
    /// <summary>Adds a grain storage. The tables of a database are made beforehand.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="storage">Which kind.</param>
    /// <param name="connectionString">
    /// Connection string of the database; null for others. Never logged.
    /// </param>
    /// <param name="name">Name of the storage, as <see cref="OrleansEngineOptions.SnapshotStorage"/> has it.</param>
    /// <param name="invariant">ADO.NET's name of the database's client; that of PostgreSQL unless it is given.</param>
    /// <returns>The same silo.</returns>
    /// <exception cref="ArgumentException">The kind is unknown, or the database has no connection string.</exception>
    public static ISiloBuilder AddMetaLlmSnapshots(
        this ISiloBuilder silo,
        SnapshotStorage storage,
        string? connectionString = null,
        string name = OrleansEngineOptions.DefaultSnapshotStorage,
        string invariant = MetaLlmClusteringExtensions.PostgresInvariant)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        switch (storage)
        {
            case SnapshotStorage.Memory:
                return silo.AddMemoryGrainStorage(name);
            case SnapshotStorage.Journal:
                silo.Services.AddGrainStorage(name, (services, _) => new TableGrainStorage(
                    services.GetRequiredService<IGrainStateTable>(), Serializer(services), services.GetRequiredService<IOptions<ClusterOptions>>().Value));
                return silo;
            case SnapshotStorage.Database when string.IsNullOrWhiteSpace(connectionString):
                throw new ArgumentException($"connectionString is empty; storage {storage} needs one.", nameof(connectionString));
            case SnapshotStorage.Database:
                return silo.AddAdoNetGrainStorage(name, options => options.Configure<IServiceProvider>((adoNet, services) =>
                {
                    adoNet.Invariant = invariant;
                    adoNet.ConnectionString = connectionString;
                    adoNet.GrainStorageSerializer = Serializer(services);
                }));
            default:
                throw new ArgumentException(
                    $"storage is {storage}; it must be one of {string.Join(", ", Enum.GetNames<SnapshotStorage>())}.", nameof(storage));
        }
    }

    private static SnapshotStateSerializer Serializer(IServiceProvider services) =>
        ActivatorUtilities.CreateInstance<SnapshotStateSerializer>(services, ActivatorUtilities.CreateInstance<OrleansGrainStorageSerializer>(services));
}
