using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MetaLlm.Engine.Configuration;
using MetaLlm.Storage.Postgres;
using MetaLlm.Storage.Sqlite;

namespace MetaLlm.Storage;

/// <summary>Where decisions, events and learned state are kept.</summary>
public sealed class StorageSettings
{
    /// <summary>Every kind of database; the first is used when nobody says which.</summary>
    internal static IReadOnlyList<StorageDriver> Drivers { get; } = [new SqliteDriver(), new PostgresDriver()];

    /// <summary>Which database: <c>sqlite</c> is a file, for one process; <c>postgres</c> is a server, which several processes share.</summary>
    [StorageKind]
    public string Kind { get; init; } = Drivers[0].Name;

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

    /// <summary>The driver of <see cref="Kind"/>.</summary>
    /// <exception cref="InvalidOperationException">There is none of that name.</exception>
    internal StorageDriver Driver => Drivers.FirstOrDefault(driver => driver.Name == Kind)
        ?? throw new InvalidOperationException($"Kind is '{Kind}'; it must be one of {string.Join(", ", Drivers.Select(driver => driver.Name))}.");

    /// <summary>Takes over what the members say together.</summary>
    /// <param name="directory">Directory of the file instead of the configured path; null to keep that.</param>
    /// <param name="errors">Receives contradictions.</param>
    public void Complete(string? directory, SettingsErrors errors) => Driver.Complete(this, directory, errors);

    /// <summary>Says where the data are, without secrets.</summary>
    public override string ToString() => Driver.Describe(this);
}
