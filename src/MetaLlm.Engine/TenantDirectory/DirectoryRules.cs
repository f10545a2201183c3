using System.Text.Json;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.TenantDirectory;

/// <summary>What a change does to the directory, whatever store holds it. Pure.</summary>
public static class DirectoryRules
{
    /// <summary>Most bytes of a tenant's document in UTF-16 characters.</summary>
    public const int LongestDocument = 1024 * 1024;

    /// <summary>Whether an action records something, and leaves the directory itself as it is.</summary>
    /// <param name="action">The action.</param>
    public static bool IsRecord(DirectoryAction action) => action is DirectoryAction.ResetBudget or DirectoryAction.PromoteChallenger or DirectoryAction.RollBackChallenger;

    /// <summary>Refuses a change that no store can keep.</summary>
    /// <param name="write">The change.</param>
    /// <exception cref="ArgumentException">It lacks what its action needs, or holds what a store cannot keep; the message names it.</exception>
    public static void ThrowIfInvalid(DirectoryWrite write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var (needed, name) = write.Action switch
        {
            DirectoryAction.CreateTenant or DirectoryAction.ReplaceTenant => (write.Tenant is null ? null : write.Document, "Tenant and Document"),
            DirectoryAction.DeleteTenant => (write.Tenant, nameof(write.Tenant)),
            _ when IsRecord(write.Action) => (write.Tenant, nameof(write.Tenant)),
            DirectoryAction.CreateKey => (write.Key?.Id, nameof(write.Key)),
            DirectoryAction.RevokeKey => (write.KeyId, nameof(write.KeyId)),
            _ => throw new ArgumentException($"Action is {(int)write.Action}; it must be a defined one.", nameof(write)),
        };
        if (string.IsNullOrEmpty(needed))
        {
            throw new ArgumentException($"{name} is missing; {write.Action} needs it.", nameof(write));
        }

        if (write.Document?.Length > LongestDocument)
        {
            throw new ArgumentException($"Document has {write.Document.Length} characters; {LongestDocument} are the most.", nameof(write));
        }

        foreach (var text in new[] { write.Tenant, write.Document, write.Before, write.Actor, write.KeyId, write.Key?.Id, write.Key?.Tenant, write.Key?.Name })
        {
            StorableText.ThrowIfNot(text ?? "", "A text of the change", nameof(write));
        }
    }

    /// <summary>Says what a change does.</summary>
    /// <param name="write">The change, which is valid.</param>
    /// <param name="revision">The change's revision if it is written.</param>
    /// <param name="tenant">The tenant that it is about as it is; null where there is none.</param>
    /// <param name="key">The key that it is about as it is; null where there is none that opens anything.</param>
    /// <returns>What is to be written. A step that writes nothing uses no revision.</returns>
    public static DirectoryStep Decide(DirectoryWrite write, long revision, DirectoryTenant? tenant, DirectoryKey? key)
    {
        ArgumentNullException.ThrowIfNull(write);
        return write.Action switch
        {
            DirectoryAction.CreateTenant when tenant is not null => Nothing(DirectoryOutcome.Exists, tenant),
            DirectoryAction.CreateTenant => Write(write, revision, null, new DirectoryTenant(write.Tenant!, revision, write.Document!, write.At, write.At)),
            DirectoryAction.CreateKey when key is not null => Nothing(DirectoryOutcome.Exists, tenant),
            DirectoryAction.CreateKey when write.NeedsTenant && tenant is null => Nothing(DirectoryOutcome.NotFound, null),
            DirectoryAction.CreateKey => new(DirectoryOutcome.Written, null, Change(write, revision, write.Key!.Id, null, Describe(write.Key))),
            DirectoryAction.RevokeKey when key is null || key.Tenant != write.Tenant => Nothing(DirectoryOutcome.NotFound, null),
            DirectoryAction.RevokeKey => new(DirectoryOutcome.Written, null, Change(write, revision, key.Id, Describe(key), null)),
            _ when IsRecord(write.Action) => new(DirectoryOutcome.Written, tenant, Change(write, revision, null, write.Before, write.Document)),
            _ when tenant is null => Nothing(DirectoryOutcome.NotFound, null),
            _ when write.ExpectedRevision is { } expected && expected != tenant.Revision => Nothing(DirectoryOutcome.Outdated, tenant),
            DirectoryAction.DeleteTenant => new(DirectoryOutcome.Written, null, Change(write, revision, null, tenant.Document, null)),
            _ when write.Document == tenant.Document => Nothing(DirectoryOutcome.Unchanged, tenant),
            _ => Write(write, revision, tenant.Document, tenant with { Revision = revision, Document = write.Document!, UpdatedAt = write.At }),
        };
    }

    private static DirectoryStep Nothing(DirectoryOutcome outcome, DirectoryTenant? tenant) => new(outcome, tenant, null);

    private static DirectoryStep Write(DirectoryWrite write, long revision, string? before, DirectoryTenant tenant) =>
        new(DirectoryOutcome.Written, tenant, Change(write, revision, null, before, tenant.Document));

    private static DirectoryChange Change(DirectoryWrite write, long revision, string? keyId, string? before, string? after) => new()
    {
        Revision = revision,
        At = write.At.ToUniversalTime(),
        Actor = write.Actor,
        Action = write.Action,
        Tenant = write.Tenant,
        KeyId = keyId,
        Before = before,
        After = after,
    };

    /// <summary>A key as the audit shows it: nothing that would help to guess it.</summary>
    private static string Describe(DirectoryKey key)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("id", key.Id);
            if (key.Name is not null)
            {
                json.WriteString("name", key.Name);
            }

            json.WriteStartArray("rights");
            foreach (var right in key.Rights)
            {
                json.WriteStringValue(right);
            }

            json.WriteEndArray();
            if (key.ExpiresAt is { } expires)
            {
                json.WriteString("expires_at", expires);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
