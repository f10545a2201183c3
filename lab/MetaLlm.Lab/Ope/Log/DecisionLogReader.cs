using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Evaluation.Log;

namespace MetaLlm.Lab.Ope.Log;

/// <summary>Reads all decisions and events of one tenant.</summary>
internal static class DecisionLogReader
{
    /// <summary>Reads a tenant's log.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="archive">Directory with decisions that were dropped from it; null for none.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Cancels between pages.</param>
    /// <exception cref="BadInputException">The tenant has made no decision, or has several owners and none is named.</exception>
    public static async Task<DecisionLog> ReadAsync(ITenantJournal journal, string? archive, string tenant, CancellationToken cancellationToken)
    {
        tenant = await OwnerAsync(journal, tenant, cancellationToken);
        var archived = await ReadArchiveAsync(archive, tenant, cancellationToken);
        var (kept, events) = await JournalLog.ReadAsync(journal, tenant, cancellationToken);

        // A file that was written before an interruption holds what the database still has.
        archived = [.. archived.Where(one => kept.Count == 0 || one.Stored.Decision.Ordinal < kept[0].Ordinal)];
        DecisionRecord[] records = [.. archived.Select(one => one.Stored.Decision), .. kept];
        if (!Array.Exists(records, record => record.IsOfPolicy))
        {
            throw new BadInputException($"--tenant: the log holds no decision of {tenant}.");
        }

        return DecisionLog.Of(records, archived.Count == 0 ? events : [.. archived.SelectMany(ArchivedEvents.Of).Concat(events).OrderBy(one => one.Sequence)]);
    }

    /// <summary>Reads a log that was exported.</summary>
    /// <param name="file">The file.</param>
    /// <param name="tenant">The tenant that it must be of.</param>
    /// <param name="cancellationToken">Cancels between lines.</param>
    /// <exception cref="BadInputException">It holds no decision of the tenant, or is damaged.</exception>
    public static async Task<DecisionLog> ReadFileAsync(string file, string tenant, CancellationToken cancellationToken)
    {
        try
        {
            await using var input = File.OpenRead(file);
            var (decisions, events) = await DecisionLogFile.ReadAsync(input, cancellationToken);
            return decisions.Any(decision => decision.IsOfPolicy && decision.Tenant == tenant)
                ? DecisionLog.Of(decisions, events)
                : throw new BadInputException($"--tenant: {file} holds no decision of {tenant}.");
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException($"--log: {file} cannot be used. {e.Message}");
        }
    }

    /// <summary>Each owner of a tenant with shards has a log of its own, by a policy that it alone has had. The first is called <c>tenant#1</c> here, since the tenant's name would be taken for all.</summary>
    private static async Task<string> OwnerAsync(ITenantJournal journal, string tenant, CancellationToken cancellationToken)
    {
        var first = $"{TenantOwner.Mark}1";
        if (tenant.EndsWith(first, StringComparison.Ordinal))
        {
            return tenant[..^first.Length];
        }

        string[] others = [.. Enumerable.Range(2, TenantOwner.Most - 1).Select(number => TenantOwner.Name(tenant, number))];
        var owners = 1 + (await journal.ReadHeadsAsync(others, cancellationToken)).Count;
        return owners == 1
            ? tenant
            : throw new BadInputException($"--tenant: {tenant} has shards, each with a log of its own: name one of {tenant}{first} to {TenantOwner.Name(tenant, owners)}.");
    }

    private static async Task<IReadOnlyList<ArchivedDecision>> ReadArchiveAsync(string? archive, string tenant, CancellationToken cancellationToken)
    {
        try
        {
            return archive is null ? [] : await new JournalArchive(archive).ReadAsync(tenant, cancellationToken);
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException($"--archive: {e.Message}");
        }
    }
}
