namespace MetaLlm.Gateway.Configuration;

/// <summary>Reads where data are kept.</summary>
internal static class StorageReader
{
    private const string File = "metallm.db";

    public static StorageSettings Read(SectionReader storage, SettingsContext context)
    {
        var postgres = storage.Choice("kind", "sqlite", "sqlite", "postgres") == "postgres";
        var path = storage.Text("path", 4096);
        var variable = storage.Text("connectionEnvironment");
        var settings = postgres ? Postgres(storage, path, variable, context) : Sqlite(storage, path, variable, context);
        storage.RefuseUnknown();
        return settings;
    }

    private static StorageSettings Sqlite(SectionReader storage, string? path, string? variable, SettingsContext context)
    {
        if (variable is not null)
        {
            storage.Fail("connectionEnvironment", "belongs to kind postgres; kind sqlite takes path.");
        }

        path = context.DataDirectory is { } directory ? Path.Combine(directory, File) : path ?? Path.Combine("data", File);
        return new StorageSettings { Kind = StorageKind.Sqlite, Path = Path.GetFullPath(path) };
    }

    private static StorageSettings Postgres(SectionReader storage, string? path, string? variable, SettingsContext context)
    {
        if (path is not null)
        {
            storage.Fail("path", "belongs to kind sqlite; kind postgres takes connectionEnvironment.");
        }

        string? connection = null;
        if (variable is null)
        {
            storage.Fail("connectionEnvironment", "is missing; kind postgres needs the name of an environment variable that holds a connection string.");
        }
        else if (string.IsNullOrWhiteSpace(connection = context.Variable(variable)))
        {
            storage.Fail("connectionEnvironment", $"names the environment variable '{variable}', which is not set; it must hold a connection string.");
        }

        return new StorageSettings { Kind = StorageKind.Postgres, ConnectionEnvironment = variable, ConnectionString = connection };
    }
}
