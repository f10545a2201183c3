using System.Data.Common;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Storage;

/// <summary>A kind of database that can keep what must survive, and all that depends on which one it is.</summary>
/// <remarks><see cref="StorageSettings.Drivers"/> lists them. A driver keeps no state: each member takes the settings that say where the data are.</remarks>
internal abstract class StorageDriver
{
    /// <summary>Its name, as <c>storage.kind</c> has it.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// ADO.NET's name of the client by which Orleans keeps the members of a cluster in the database; null where one node alone can use it. The namespace of the client's exceptions begins with it.
    /// </summary>
    public virtual string? Invariant => null;

    /// <summary>Takes over what the members of the settings say together.</summary>
    /// <param name="storage">The settings.</param>
    /// <param name="directory">Directory of the file instead of the configured path; null to keep that.</param>
    /// <param name="errors">Receives contradictions, and members that belong to another driver.</param>
    public abstract void Complete(StorageSettings storage, string? directory, SettingsErrors errors);

    /// <summary>Says where the data are, without secrets.</summary>
    /// <param name="storage">Complete settings.</param>
    public abstract string Describe(StorageSettings storage);

    /// <summary>The file that holds everything; null where a server does.</summary>
    /// <param name="storage">Complete settings.</param>
    public virtual string? FileOf(StorageSettings storage) => null;

    /// <summary>Connection string of the table of a cluster's members; null without an <see cref="Invariant"/>. Never to be logged.</summary>
    /// <param name="storage">Complete settings.</param>
    public virtual string? MembershipConnection(StorageSettings storage) => null;

    /// <summary>Connection string by which Orleans keeps snapshots itself, by <see cref="Invariant"/>; null where the driver's <see cref="IGrainStateTable"/> keeps them. Never to be logged.</summary>
    /// <param name="storage">Complete settings.</param>
    public virtual string? SnapshotConnection(StorageSettings storage) => null;

    /// <summary>
    /// Adds an <see cref="ITenantJournal"/>, an <see cref="ITenantDirectory"/>, an <see cref="IUsageReports"/>, an <see cref="IUsageSums"/>, an <see cref="IDecisionSearch"/>, an <see cref="IResponseStore"/>, an <see cref="IAnswerStore"/>, an <see cref="IFileStore"/>, an <see cref="IBatchStore"/>, an <see cref="IRequestLogStore"/>, an <see cref="ISharedLearningStore"/>, an <see cref="IJournalRetention"/>, an
    /// <see cref="IGrainStateTable"/> unless <see cref="SnapshotConnection"/> says otherwise, and a hosted service that refuses a database with another schema.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="storage">Complete settings.</param>
    /// <param name="reading">Whether nothing will be written, and one page after the other be read: for <c>ope</c>.</param>
    public abstract void AddServices(IServiceCollection services, StorageSettings storage, bool reading = false);

    /// <summary>Brings the database to this build's schema; what can be created is.</summary>
    /// <param name="storage">Complete settings.</param>
    /// <param name="cancellationToken">Stops it; the database is as it was then.</param>
    /// <exception cref="SchemaException">The database was changed by another build; it is left as it was.</exception>
    /// <exception cref="DbException">The database could not be reached or refused a statement; it is as it was.</exception>
    public abstract Task<MigrationReport> MigrateAsync(StorageSettings storage, CancellationToken cancellationToken);

    /// <summary>The tenants that something was recorded of. Hosts need not run.</summary>
    /// <param name="storage">Complete settings of a database with this build's schema.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <returns>Their names, in order.</returns>
    /// <exception cref="DbException">The database cannot be read.</exception>
    public virtual async Task<IReadOnlyList<string>> ListTenantsAsync(StorageSettings storage, CancellationToken cancellationToken)
    {
        var connection = Connect(storage);
        await using var connectionEnd = connection.ConfigureAwait(false);
        await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT tenant FROM tenants ORDER BY tenant";
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var readerEnd = reader.ConfigureAwait(false);
        var tenants = new List<string>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            tenants.Add(reader.GetString(0));
        }

        return tenants;
    }

    /// <summary>How many silos serve from the database at the moment, or have until half a minute ago without a proper end; 0 where the database does not tell.</summary>
    /// <param name="storage">Complete settings of a database with this build's schema.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    /// <exception cref="DbException">The database cannot be read.</exception>
    public virtual Task<long> CountSilosAsync(StorageSettings storage, CancellationToken cancellationToken) => Task.FromResult(0L);

    /// <summary>A connection to look into the database by; closed, and kept in no pool.</summary>
    /// <param name="storage">Complete settings.</param>
    protected abstract DbConnection Connect(StorageSettings storage);
}
