using System.Text.Json;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.TenantDirectory;

namespace MetaLlm.Storage.TenantDirectory;

/// <summary>Rows of the directory as Dapper reads them, and what statements are run with.</summary>
internal static class DirectoryRows
{
    public static string Word(DirectoryAction action) => JsonNamingPolicy.SnakeCaseLower.ConvertName(action.ToString());

    public static object Parameters(DirectoryChangeQuery query) =>
        new { after = query.After, tenant = query.Tenant, since = query.Since?.UtcTicks, limit = query.Limit };

    public static object Parameters(DirectoryTenant tenant) => new
    {
        tenant = tenant.Id,
        revision = tenant.Revision,
        document = tenant.Document,
        createdAt = tenant.CreatedAt.UtcTicks,
        updatedAt = tenant.UpdatedAt.UtcTicks,
    };

    public static object Parameters(DirectoryKey key) => new
    {
        keyId = key.Id,
        tenant = key.Tenant,
        name = key.Name,
        rights = string.Join(',', key.Rights),
        salt = key.Salt,
        hash = key.Hash,
        createdAt = key.CreatedAt.UtcTicks,
        expiresAt = key.ExpiresAt?.UtcTicks,
        requestsPerMinute = key.Limits?.RequestsPerMinute,
        tokensPerMinute = key.Limits?.TokensPerMinute,
        parallelCalls = key.Limits?.ParallelCalls,
    };

    public static object Parameters(DirectoryChange change) => new
    {
        revision = change.Revision,
        at = change.At.UtcTicks,
        actor = change.Actor,
        action = Word(change.Action),
        tenant = change.Tenant,
        keyId = change.KeyId,
        before = change.Before,
        after = change.After,
    };

    public static object Parameters(KeyUse use) => new { keyId = use.KeyId, at = use.At.UtcTicks };

    public static string SqlOf(DirectoryChangeQuery query) => DirectorySql.Changes(query.Tenant is not null, query.Since is not null, query.WithContents);

    /// <summary>The statements that write a step, in order, with what they are run with.</summary>
    public static IEnumerable<(string Sql, object Parameters)> Statements(DirectoryWrite write, DirectoryStep step)
    {
        var change = step.Change!;
        yield return (DirectorySql.SetRevision, new { revision = change.Revision });
        yield return (DirectorySql.AddChange, Parameters(change));
        switch (write.Action)
        {
            case DirectoryAction.CreateKey:
                yield return (DirectorySql.AddKey, Parameters(write.Key!));
                break;
            case var record when DirectoryRules.IsRecord(record):
                break;
            case DirectoryAction.RevokeKey:
                yield return (DirectorySql.RevokeKey, new { keyId = write.KeyId, at = change.At.UtcTicks });
                break;
            case DirectoryAction.DeleteTenant:
                yield return (DirectorySql.DeleteTenant, new { tenant = write.Tenant, at = change.At.UtcTicks, revision = change.Revision });
                yield return (DirectorySql.RevokeKeysOfTenant, new { tenant = write.Tenant, at = change.At.UtcTicks });
                break;
            default:
                yield return (DirectorySql.PutTenant, Parameters(step.Tenant!));
                break;
        }
    }

    private static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);

    internal sealed record TenantRow(string Tenant, long Revision, string Document, long CreatedAt, long UpdatedAt)
    {
        public DirectoryTenant ToTenant() => new(Tenant, Revision, Document, Instant(CreatedAt), Instant(UpdatedAt));
    }

    internal sealed class KeyRow
    {
        public required string KeyId { get; init; }

        public string? Tenant { get; init; }

        public string? Name { get; init; }

        public required string Rights { get; init; }

        public required byte[] Salt { get; init; }

        public required byte[] Hash { get; init; }

        public long CreatedAt { get; init; }

        public long? ExpiresAt { get; init; }

        public long? LastUsedAt { get; init; }

        public long? RequestsPerMinute { get; init; }

        public long? TokensPerMinute { get; init; }

        public long? ParallelCalls { get; init; }

        public DirectoryKey ToKey() => new()
        {
            Id = KeyId,
            Tenant = Tenant,
            Name = Name,
            Rights = Rights.Split(',', StringSplitOptions.RemoveEmptyEntries),
            Salt = Salt,
            Hash = Hash,
            CreatedAt = Instant(CreatedAt),
            ExpiresAt = ExpiresAt is { } expires ? Instant(expires) : null,
            LastUsedAt = LastUsedAt is { } used ? Instant(used) : null,
            Limits = RequestsPerMinute is null && TokensPerMinute is null && ParallelCalls is null
                ? null
                : new AdmissionLimits { RequestsPerMinute = (int?)RequestsPerMinute, TokensPerMinute = TokensPerMinute, ParallelCalls = (int?)ParallelCalls },
        };
    }

    internal sealed class ChangeRow
    {
        public long Revision { get; init; }

        public long At { get; init; }

        public required string Actor { get; init; }

        public required string Action { get; init; }

        public string? Tenant { get; init; }

        public string? KeyId { get; init; }

        public string? Before { get; init; }

        public string? After { get; init; }

        public DirectoryChange ToChange() => new()
        {
            Revision = Revision,
            At = Instant(At),
            Actor = Actor,
            Action = Enum.GetValues<DirectoryAction>().FirstOrDefault(known => Word(known) == Action),
            Tenant = Tenant,
            KeyId = KeyId,
            Before = Before,
            After = After,
        };
    }
}
