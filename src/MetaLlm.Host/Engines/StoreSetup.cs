using MetaLlm.Engine.Configuration;
using MetaLlm.Storage;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;

namespace MetaLlm.Host;

/// <summary>Adds the journal that the settings ask for.</summary>
internal static class StoreSetup
{
    public static void Add(IServiceCollection services, StorageSettings storage)
    {
        if (storage.Kind == StorageKind.Postgres)
        {
            services.AddMetaLlmPostgres(storage.Postgres.CopyTo);
        }
        else
        {
            services.AddMetaLlmSqlite(storage.Sqlite.CopyTo);
        }
    }
}
