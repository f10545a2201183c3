using System.Globalization;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Brings a database to the newest schema. Scripts are numbered, and all that are missing are applied in one transaction.</summary>
internal static class SqliteSchema
{
    private const string Prefix = "sqlite/";

    /// <summary>Newest version that this build knows.</summary>
    public static int NewestVersion { get; } = Scripts().Max(script => script.Version);

    public static void Apply(SqliteConnection connection, string path)
    {
        // The write lock is taken before the version is read, so that two processes that start together do not both apply a script.
        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            connection.Execute("CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL PRIMARY KEY)");
            var found = connection.ExecuteScalar<int?>("SELECT MAX(version) FROM schema_version") ?? 0;
            if (found > NewestVersion)
                throw new SchemaVersionException(path, found, NewestVersion);

            foreach (var (version, resource) in Scripts().Where(script => script.Version > found).OrderBy(script => script.Version))
            {
                connection.Execute(Read(resource));
                connection.Execute("INSERT INTO schema_version (version) VALUES (@version)", new { version });
            }

            connection.Execute("COMMIT");
        }
        catch
        {
            // Some errors have ended the transaction already; a second error would only hide the first.
            if (SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0)
                connection.Execute("ROLLBACK");

            throw;
        }
    }

    private static IEnumerable<(int Version, string Resource)> Scripts() =>
        from name in Assembly.GetExecutingAssembly().GetManifestResourceNames()
        where name.StartsWith(Prefix, StringComparison.Ordinal)
        select (int.Parse(name.AsSpan(Prefix.Length, 4), CultureInfo.InvariantCulture), name);

    private static string Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"Resource '{resource}' is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
