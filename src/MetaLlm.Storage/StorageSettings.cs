using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MetaLlm.Engine.Configuration;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;

namespace MetaLlm.Storage;

/// <summary>Where decisions, events and learned state are kept.</summary>
public sealed class StorageSettings
{
    private const string DefaultFile = "metallm.db";

    /// <summary>Which database.</summary>
    public StorageKind Kind { get; init; }

    /// <summary>Path of the file, for kind <c>sqlite</c>; it and its directory are created when missing.</summary>
    [StringLength(4096), DefaultValue("`data/metallm.db` under the working directory")]
    public string? Path { get; init; }

    /// <summary>Environment variable that holds the connection string, for kind <c>postgres</c>, which needs it.</summary>
    public EnvironmentValue? ConnectionEnvironment { get; init; }

    /// <summary>File that holds the connection string, instead of an environment variable.</summary>
    [StringLength(4096)]
    public SecretFile? ConnectionFile { get; init; }

    /// <summary>How the file is written, for kind <c>sqlite</c>.</summary>
    public SqliteOptions Sqlite { get; init; } = new();

    /// <summary>How the database is used, for kind <c>postgres</c>.</summary>
    public PostgresOptions Postgres { get; init; } = new();

    /// <summary>Takes over what the members say together.</summary>
    /// <param name="directory">Directory of the file instead of the configured path; null to keep that.</param>
    /// <param name="errors">Receives contradictions.</param>
    public void Complete(string? directory, SettingsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (Kind == StorageKind.Sqlite)
        {
            if (ConnectionEnvironment is not null)
            {
                errors.Add("connectionEnvironment", "belongs to kind postgres; kind sqlite takes path.");
            }

            if (ConnectionFile is not null)
            {
                errors.Add("connectionFile", "belongs to kind postgres; kind sqlite takes path.");
            }

            Sqlite.Path = System.IO.Path.GetFullPath(
                directory is not null ? System.IO.Path.Combine(directory, DefaultFile) : Path ?? System.IO.Path.Combine("data", DefaultFile));
            return;
        }

        if (Path is not null)
        {
            errors.Add("path", "belongs to kind sqlite; kind postgres takes connectionEnvironment or connectionFile.");
        }

        if (ConnectionEnvironment is null && ConnectionFile is null)
        {
            errors.Add("connectionEnvironment", "is missing, and so is connectionFile; kind postgres needs the name of an environment variable or of a file that holds a connection string.");
        }

        if (ConnectionEnvironment is not null && ConnectionFile is not null)
        {
            errors.Add("connectionFile", "is given beside connectionEnvironment; only one of them may be.");
        }

        Postgres.ConnectionString = ConnectionFile?.Value ?? ConnectionEnvironment?.Value ?? "";
    }

    /// <summary>Says where the data are, without secrets.</summary>
    public override string ToString() => Kind == StorageKind.Sqlite ? Sqlite.Path : ConnectionFile is null ? $"PostgreSQL, by environment variable {ConnectionEnvironment}" : $"PostgreSQL, by file {ConnectionFile}";
}
