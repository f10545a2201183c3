using MetaLlm.Gateway.Configuration;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;

namespace MetaLlm.Host;

/// <summary>Adds the journal that the settings ask for.</summary>
internal static class StoreSetup
{
    public static void Add(IServiceCollection services, StorageSettings storage)
    {
        switch (storage.Kind)
        {
            case StorageKind.Sqlite:
                services.AddMetaLlmSqlite(o => o.Path = storage.Path!);
                break;
            case StorageKind.Postgres:
                services.AddMetaLlmPostgres(o => o.ConnectionString = storage.ConnectionString!);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(storage), storage.Kind, "No such kind of storage.");
        }
    }
}
