using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tenants;

namespace MetaLlm.Gateway.Management;

/// <summary>Changes the directory: checks a document whole, writes it, and makes this gateway follow at once. The others follow within a second or two.</summary>
internal sealed class TenantAdministration(
    SettingsStore store, ITenantEngine engine, DirectoryWatcher watcher, TenantSetups setups, TimeProvider time, ITenantDirectory? directory = null, IResponseStore? responses = null, IAnswerStore? answers = null,
    IRequestLogStore? requests = null, IFileStore? files = null, IBatchStore? batches = null)
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const int ChangesAtOnce = 1000;

    /// <summary>Members of a tenant's body that are no members of its document.</summary>
    private static readonly string[] NotStored = ["object", "source", "revision", "created_at", "updated_at"];

    /// <summary>The directory.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public ITenantDirectory Directory =>
        directory ?? throw new ApiException(ErrorCode.ManagementDisabled, "This application keeps its tenants itself: its store has no directory of them.");

    /// <summary>Finds a tenant.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiException">There is none of that name.</exception>
    public async Task<ManagedTenant> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (store.Current.Tenants.TryGetValue(id, out var own))
        {
            return ManagedTenant.Of(own);
        }

        return TenantSettings.IsId(id) && await Directory.FindTenantAsync(id, cancellationToken).ConfigureAwait(false) is { } found ? ManagedTenant.Of(found) : throw Missing(id);
    }

    /// <summary>Tenants of the configuration file and of the directory, in the order of their ids.</summary>
    /// <param name="after">The id that they come after; null for the first.</param>
    /// <param name="limit">Most of them.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<ManagedTenant>> ListAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        var own = store.Current.Tenants;
        var listed = await Directory.ListTenantsAsync(after, limit, cancellationToken).ConfigureAwait(false);
        return
        [
            .. own.Values.Where(tenant => string.CompareOrdinal(tenant.Id, after ?? "") > 0).Select(ManagedTenant.Of)
                .Concat(listed.Where(tenant => !own.ContainsKey(tenant.Id)).Select(ManagedTenant.Of))
                .OrderBy(tenant => tenant.Id, StringComparer.Ordinal)
                .Take(limit),
        ];
    }

    /// <summary>Creates a tenant.</summary>
    /// <param name="caller">Who does.</param>
    /// <param name="body">Its document.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ManagedTenant> CreateAsync(AdminCaller caller, JsonObject body, CancellationToken cancellationToken)
    {
        var id = body["id"] is JsonValue value && value.TryGetValue(out string? text) ? text : throw ApiException.BadField("id", "is missing; it must be a text of 1 to 64 characters.");
        return WriteNewAsync(caller, id, body, cancellationToken);
    }

    /// <summary>Creates a tenant, or replaces its document.</summary>
    /// <param name="caller">Who does.</param>
    /// <param name="id">Its id.</param>
    /// <param name="body">Its document.</param>
    /// <param name="revision">The revision that it must have; null for any.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ManagedTenant> PutAsync(AdminCaller caller, string id, JsonObject body, long? revision, CancellationToken cancellationToken)
    {
        RefuseFile(id);
        var found = TenantSettings.IsId(id) ? await Directory.FindTenantAsync(id, cancellationToken).ConfigureAwait(false) : null;
        if (found is not null)
        {
            return await ReplaceAsync(caller, id, revision, _ => body, cancellationToken).ConfigureAwait(false);
        }

        if (revision is not null)
        {
            throw Missing(id);
        }

        return caller.Role >= AdminRole.Own
            ? await WriteNewAsync(caller, id, body, cancellationToken).ConfigureAwait(false)
            : throw new ApiException(ErrorCode.InsufficientRole, "The key's role is 'operate'; a tenant that is new needs 'own'.");
    }

    /// <summary>Changes a tenant's document.</summary>
    /// <param name="caller">Who does.</param>
    /// <param name="id">Its id.</param>
    /// <param name="revision">The revision that it must have; null for any.</param>
    /// <param name="edit">Changes the document before into the new one; called anew where somebody else was faster.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ManagedTenant> EditAsync(AdminCaller caller, string id, long? revision, Action<JsonObject> edit, CancellationToken cancellationToken) => ReplaceAsync(
        caller,
        id,
        revision,
        document =>
        {
            edit(document);
            return document;
        },
        cancellationToken);

    /// <summary>Deletes a tenant with its keys, and all that is known of it. A deletion that did not get to its end is taken up again by the next one.</summary>
    /// <param name="caller">Who does.</param>
    /// <param name="id">Its id.</param>
    /// <param name="revision">The revision that it must have; null for any.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task DeleteAsync(AdminCaller caller, string id, long? revision, CancellationToken cancellationToken)
    {
        RefuseFile(id);
        var missing = false;
        try
        {
            await SendAsync(
                new DirectoryWrite { Action = DirectoryAction.DeleteTenant, Actor = caller.Actor, At = time.GetUtcNow(), Tenant = id, ExpectedRevision = revision }, cancellationToken).ConfigureAwait(false);
        }
        catch (ApiException e) when (e.Error.Code == ErrorCode.TenantNotFound)
        {
            missing = true;
        }

        // One that was never here may stand in another gateway's file.
        if (!missing || await WasDeletedAsync(id, cancellationToken).ConfigureAwait(false))
        {
            await engine.DeleteTenantAsync(id, cancellationToken).ConfigureAwait(false);
            foreach (var suffix in SideTenant.Suffixes)
            {
                await engine.DeleteTenantAsync(id + suffix, cancellationToken).ConfigureAwait(false);
            }

            if (responses is not null)
            {
                await responses.DeleteTenantAsync(id, cancellationToken).ConfigureAwait(false);
            }

            if (answers is not null)
            {
                await answers.DeleteTenantAsync(id, cancellationToken).ConfigureAwait(false);
            }

            if (requests is not null)
            {
                await requests.DeleteTenantAsync(id, cancellationToken).ConfigureAwait(false);
            }

            // Batches first: what runs loses its claim before its files go.
            if (batches is not null)
            {
                await batches.DeleteTenantAsync(id, cancellationToken).ConfigureAwait(false);
            }

            if (files is not null)
            {
                await files.DeleteTenantAsync(id, cancellationToken).ConfigureAwait(false);
            }
        }

        if (missing)
        {
            throw Missing(id);
        }
    }

    /// <summary>Makes a change of the directory, which this gateway follows before the call returns.</summary>
    /// <param name="write">The change.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiException">It was refused.</exception>
    public async Task<DirectoryReceipt> SendAsync(DirectoryWrite write, CancellationToken cancellationToken)
    {
        var receipt = await Directory.WriteAsync(write, cancellationToken).ConfigureAwait(false);
        switch (receipt.Outcome)
        {
            case DirectoryOutcome.Written:
                watcher.Forget(write.Action, write.Tenant, write.KeyId ?? write.Key?.Id);
                return receipt;
            case DirectoryOutcome.Exists:
                throw new ApiException(ErrorCode.TenantExists, $"There is a tenant '{write.Tenant}' already.", "id");
            case DirectoryOutcome.NotFound when write.KeyId is not null:
                throw new ApiException(ErrorCode.KeyNotFound, $"There is no key '{write.KeyId}' here.", "id");
            case DirectoryOutcome.NotFound:
                throw Missing(write.Tenant!);
            case DirectoryOutcome.Outdated:
                throw Outdated(receipt.Tenant!);
            default:
                return receipt;
        }
    }

    /// <summary>Refuses to change a tenant of the configuration file.</summary>
    /// <param name="id">Its id.</param>
    /// <exception cref="ApiException">It is one.</exception>
    public void RefuseFile(string id)
    {
        if (store.Current.Tenants.ContainsKey(id))
        {
            throw new ApiException(ErrorCode.TenantInFile, $"Tenant '{id}' stands in the configuration file, which alone changes it.", "tenant");
        }
    }

    private static ApiException Missing(string id) => new(ErrorCode.TenantNotFound, $"There is no tenant '{id}'.", "tenant");

    private static ApiException Outdated(DirectoryTenant tenant) =>
        new(ErrorCode.RevisionMismatch, $"Tenant '{tenant.Id}' has revision {tenant.Revision}, and not the one that If-Match names.", "If-Match");

    private static JsonObject Cleaned(string id, JsonObject body)
    {
        var document = new JsonObject { ["id"] = id };
        foreach (var (name, value) in DocumentNames.Settled(body).Where(member => !NotStored.Contains(member.Key) && member.Value is not null))
        {
            document[name] = value!.DeepClone();
        }

        return document;
    }

    private static ApiException Invalid(SettingsException e) => new(
        new ApiError(ErrorCode.InvalidValue, "The tenant cannot be used: " + string.Join(' ', e.Errors), e.Errors[0].Path) { Errors = e.Errors });

    private async Task<ManagedTenant> ReplaceAsync(AdminCaller caller, string id, long? revision, Func<JsonObject, JsonObject> edit, CancellationToken cancellationToken)
    {
        RefuseFile(id);
        while (true)
        {
            var found = await FindAsync(id, cancellationToken).ConfigureAwait(false);
            if (revision is { } expected && expected != found.Row!.Revision)
            {
                throw Outdated(found.Row);
            }

            var before = DocumentNames.Settled(found.Document);
            var document = Cleaned(id, edit((JsonObject)before.DeepClone()));
            ModelIds.RefuseUnnameable(document, before);
            await RefuseImpossibleAsync(id, found.Row!, document, cancellationToken).ConfigureAwait(false);
            try
            {
                var replaced = await WriteAsync(caller, DirectoryAction.ReplaceTenant, id, document, found.Row!.Revision, cancellationToken).ConfigureAwait(false);
                if (ReadOrNull(found.Row)?.ShareLearning.Give == true && !Check(id, document).ShareLearning.Give)
                {
                    // Its owner takes back what was given: that does not wait for the tenant's next request.
                    await setups.NamedAsync(id, cancellationToken).ConfigureAwait(false);
                }

                return replaced;
            }
            catch (ApiException e) when (e.Error.Code == ErrorCode.RevisionMismatch && revision is null)
            {
                // Somebody changed it meanwhile; the edit is made on what is there now.
            }
        }
    }

    private TenantSettings Check(string id, JsonObject document)
    {
        using var parsed = JsonDocument.Parse(document.ToJsonString(Relaxed));
        try
        {
            return TenantDocument.Read(id, parsed.RootElement, 0, store.Current);
        }
        catch (SettingsException e)
        {
            throw Invalid(e);
        }
    }

    private Task<ManagedTenant> WriteNewAsync(AdminCaller caller, string id, JsonObject body, CancellationToken cancellationToken)
    {
        var document = Cleaned(id, body);
        ModelIds.RefuseUnnameable(document, null);
        return WriteAsync(caller, DirectoryAction.CreateTenant, id, document, null, cancellationToken);
    }

    private async Task<ManagedTenant> WriteAsync(
        AdminCaller caller, DirectoryAction action, string id, JsonObject document, long? revision, CancellationToken cancellationToken)
    {
        RefuseFile(id);
        Check(id, document);
        var receipt = await SendAsync(
            new DirectoryWrite { Action = action, Actor = caller.Actor, At = time.GetUtcNow(), Tenant = id, Document = document.ToJsonString(Relaxed), ExpectedRevision = revision },
            cancellationToken).ConfigureAwait(false);
        return ManagedTenant.Of(receipt.Tenant!);
    }

    private async Task<bool> WasDeletedAsync(string id, CancellationToken cancellationToken)
    {
        if (!TenantSettings.IsId(id))
        {
            return false;
        }

        var (after, deleted) = (0L, false);
        while (true)
        {
            var page = await Directory.ReadChangesAsync(
                new DirectoryChangeQuery { Tenant = id, After = after, Limit = ChangesAtOnce, WithContents = false }, cancellationToken).ConfigureAwait(false);
            foreach (var change in page)
            {
                after = change.Revision;
                deleted = change.KeyId is null ? change.Action == DirectoryAction.DeleteTenant : deleted;
            }

            if (page.Count < ChangesAtOnce)
            {
                return deleted;
            }
        }
    }

    /// <summary>The owner would refuse another number of owners, or a change by which the policy forgets what it has learned; nobody would be told, for it is asked later.</summary>
    private async Task RefuseImpossibleAsync(string id, DirectoryTenant before, JsonObject document, CancellationToken cancellationToken)
    {
        var (old, changed) = (ReadOrNull(before), Check(id, document));
        if (old is not null && old.Shards != changed.Shards)
        {
            throw ApiException.BadField(
                "shards", FormattableString.Invariant($"is {changed.Shards}; it was {old.Shards} when the tenant was made, and cannot be changed. Delete the tenant and make it anew to have other shards."));
        }

        var members = old is null ? [] : Restarting(old.Configuration, changed.Configuration).ToList();
        if (members.Count == 0 || changed.PolicyRestart != PolicyRestart.Refuse || !await HasLearnedAsync(id, cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        throw new ApiException(
            ErrorCode.PolicyWouldForget,
            $"A change of {string.Join(", ", members)} starts the policy anew, which would forget what tenant '{id}' has learned. Set its policyRestart to 'relearn' to learn from the journal what can be learned again, or to 'forget'.",
            members[0]);
    }

    private TenantSettings? ReadOrNull(DirectoryTenant tenant)
    {
        try
        {
            return TenantDocument.Read(tenant, store.Current);
        }
        catch (SettingsException)
        {
            // What cannot be used now is being replaced, which is the cure.
            return null;
        }
    }

    private static IEnumerable<string> Restarting(TenantConfiguration old, TenantConfiguration changed)
    {
        if (old.Policy != changed.Policy)
        {
            yield return "policy";
        }

        if (!old.PolicyOptions.OrderBy(o => o.Key, StringComparer.Ordinal).SequenceEqual(changed.PolicyOptions.OrderBy(o => o.Key, StringComparer.Ordinal)))
        {
            yield return "policyOptions";
        }

        if (old.Seed != changed.Seed)
        {
            yield return "seed";
        }

        if (old.Parts != changed.Parts)
        {
            yield return "context";
        }
    }

    private async Task<bool> HasLearnedAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var report = await engine.DescribeAsync(id, cancellationToken).ConfigureAwait(false);
            return report.Decisions > 0 || report.RewardsApplied > 0 || report.WarmStartRows > 0;
        }
        catch (UnknownTenantException)
        {
            return false;
        }
        catch (Exception e) when (e is InvalidDataException or EmbeddingModelMismatchException)
        {
            return true;
        }
    }
}
