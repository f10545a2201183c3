using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using MetaLlm.Gateway.Tenants;

namespace MetaLlm.Gateway.Rollout.Challengers;

/// <summary>Names challengers, promotes them where their gate is open, and puts back what they replaced.</summary>
internal sealed class ChallengerAdministration(
    TenantAdministration administration, TenantCatalog catalog, TenantSetups setups, ChallengerLooks looks, ChallengerMetrics metrics, TimeProvider time)
{
    private const string Member = "challenger";
    private const string ReplacedMember = "replacedPolicy";
    private static readonly IReadOnlyList<string> NoStore = ["This process has no store of its own to read the log from; one of role 'all' looks at it."];
    private static readonly IReadOnlyList<string> NotYet = ["Nobody has looked at the log yet."];

    /// <summary>Describes a tenant's challenger; looks at the log where the last look does not hold any more.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiException">There is no such tenant.</exception>
    public async Task<ChallengerBody> LookAsync(string tenant, CancellationToken cancellationToken)
    {
        var settings = await catalog.NamedAsync(tenant, cancellationToken).ConfigureAwait(false);
        return View(settings, await looks.LookAsync(settings, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Describes a tenant's challenger as the last look has it.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiException">There is no such tenant.</exception>
    public async Task<ChallengerBody> ShowAsync(string tenant, CancellationToken cancellationToken)
    {
        var settings = await catalog.NamedAsync(tenant, cancellationToken).ConfigureAwait(false);
        return View(settings, looks.Last(settings));
    }

    /// <summary>Names a challenger in place of the one before.</summary>
    /// <param name="caller">Who does.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="challenger">Its <c>challenger</c>.</param>
    /// <param name="revision">The revision that the tenant must have; null for any.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ManagedTenant> PutAsync(AdminCaller caller, string tenant, JsonObject challenger, long? revision, CancellationToken cancellationToken)
    {
        var named = DocumentNames.Place(challenger, "policy") is >= 0 and var place && challenger.GetAt(place).Value is not null;
        return named
            ? administration.EditAsync(caller, tenant, revision, document => document[Member] = challenger.DeepClone(), cancellationToken)
            : throw ApiException.BadField("policy", "is missing; a challenger is a policy.");
    }

    /// <summary>Takes the challenger away; nothing else changes.</summary>
    /// <param name="caller">Who does.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="revision">The revision that the tenant must have; null for any.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<ManagedTenant> DeleteAsync(AdminCaller caller, string tenant, long? revision, CancellationToken cancellationToken)
    {
        _ = await ChallengedAsync(tenant, cancellationToken).ConfigureAwait(false);
        return await administration.EditAsync(caller, tenant, revision, document => document.Remove(Member), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes the challenger the tenant's policy, which learns again from the journal. It is in force when the call returns.</summary>
    /// <param name="caller">Who does.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="force">Whether it is done though the gate is shut.</param>
    /// <param name="revision">The revision that the tenant must have; null for that of the look.</param>
    /// <param name="cancellationToken">Ends the wait, and nothing that has begun.</param>
    /// <exception cref="ApiException">There is no challenger, or its gate is shut.</exception>
    public async Task<ChallengerBody> PromoteAsync(AdminCaller caller, string tenant, bool force, long? revision, CancellationToken cancellationToken)
    {
        var settings = await ChallengedAsync(tenant, cancellationToken).ConfigureAwait(false);
        var status = force ? looks.Last(settings) : await looks.LookAsync(settings, cancellationToken).ConfigureAwait(false);
        var reasons = Reasons(status);
        if (!force && reasons.Count > 0)
        {
            throw new ApiException(ErrorCode.GateShut, $"The challenger '{settings.Challenger.Policy}' is not promoted. {string.Join(' ', reasons)} 'force': true promotes it all the same.", "force");
        }

        var (before, after) = (Of(settings.Policy, settings.PolicyOptions), Of(settings.Challenger.Policy!, settings.Challenger.PolicyOptions));
        await administration.EditAsync(
            caller,
            tenant,
            revision ?? settings.Revision,
            document =>
            {
                Put(document, after);
                document[ReplacedMember] = Json(before);
                document.Remove(Member);
            },
            cancellationToken).ConfigureAwait(false);
        metrics.Promoted(tenant, caller == ChallengerWatch.Caller ? "automatic" : reasons.Count > 0 ? "forced" : "by_hand");
        await RecordAsync(DirectoryAction.PromoteChallenger, caller, tenant, before, after, status, reasons).ConfigureAwait(false);
        return await InForceAsync(tenant, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts back the policy that the last promotion replaced, which learns again from the journal. It is in force when the call returns.</summary>
    /// <param name="caller">Who does.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="revision">The revision that the tenant must have; null for any.</param>
    /// <param name="cancellationToken">Ends the wait, and nothing that has begun.</param>
    /// <exception cref="ApiException">Nothing was promoted.</exception>
    public async Task<ChallengerBody> RollBackAsync(AdminCaller caller, string tenant, long? revision, CancellationToken cancellationToken)
    {
        var settings = await FreshAsync(tenant, cancellationToken).ConfigureAwait(false);
        if (settings.ReplacedPolicy.Policy is not { } replaced)
        {
            throw new ApiException(ErrorCode.NothingToRollBack, $"No challenger of tenant '{tenant}' was promoted, or its promotion was rolled back already.", "tenant");
        }

        var (before, after) = (Of(settings.Policy, settings.PolicyOptions), Of(replaced, settings.ReplacedPolicy.PolicyOptions));
        await administration.EditAsync(
            caller,
            tenant,
            revision ?? settings.Revision,
            document =>
            {
                Put(document, after);
                document.Remove(ReplacedMember);
            },
            cancellationToken).ConfigureAwait(false);
        metrics.Promoted(tenant, "rolled_back");
        await RecordAsync(DirectoryAction.RollBackChallenger, caller, tenant, before, after, status: null, reasons: []).ConfigureAwait(false);
        return await InForceAsync(tenant, cancellationToken).ConfigureAwait(false);
    }

    private static ChallengerPolicyBody Of(string policy, IReadOnlyDictionary<string, double> options) => new() { Policy = policy, PolicyOptions = options };

    private static JsonNode? Json(ChallengerPolicyBody policy) => JsonSerializer.SerializeToNode(policy, ApiJsonContext.Default.ChallengerPolicyBody);

    private static void Put(JsonObject document, ChallengerPolicyBody policy)
    {
        document["policy"] = policy.Policy;
        document["policyOptions"] = Json(policy)!["policyOptions"]!.DeepClone();
        document["policyRestart"] = "relearn";
    }

    private ChallengerBody View(TenantSettings settings, ChallengerStatus? status)
    {
        var hasOne = settings.Challenger.Policy is not null;
        return new ChallengerBody
        {
            Tenant = settings.Id,
            Champion = Of(settings.Policy, settings.PolicyOptions),
            Challenger = hasOne ? AdminViews.Of(SettingsWriter.Write(settings.Challenger)) : null,
            Replaced = settings.ReplacedPolicy.Policy is { } replaced ? Of(replaced, settings.ReplacedPolicy.PolicyOptions) : null,
            Open = hasOne && status?.IsOpen == true,
            Reasons = hasOne ? Reasons(status) : [],
            Evidence = status is null ? null : ChallengerEvidenceBody.Of(status.Figures, status.LookedAt),
        };
    }

    private IReadOnlyList<string> Reasons(ChallengerStatus? status) => status?.Reasons ?? (looks.CanLook ? NotYet : NoStore);

    /// <summary>What another gateway has changed a moment ago counts: who promotes must see it.</summary>
    private async Task<TenantSettings> FreshAsync(string tenant, CancellationToken cancellationToken)
    {
        administration.RefuseFile(tenant);
        catalog.Forget(tenant);
        return await catalog.NamedAsync(tenant, cancellationToken).ConfigureAwait(false);
    }

    private async Task<TenantSettings> ChallengedAsync(string tenant, CancellationToken cancellationToken)
    {
        var settings = await FreshAsync(tenant, cancellationToken).ConfigureAwait(false);
        return settings.Challenger.Policy is not null ? settings : throw new ApiException(ErrorCode.ChallengerNotFound, $"Tenant '{tenant}' has no challenger.", "tenant");
    }

    private async Task<ChallengerBody> InForceAsync(string tenant, CancellationToken cancellationToken)
    {
        var settings = await setups.NamedAsync(tenant, cancellationToken).ConfigureAwait(false);
        return View(settings, looks.Last(settings));
    }

    /// <summary>The document is changed, whether or not the client waits.</summary>
    private Task<DirectoryReceipt> RecordAsync(
        DirectoryAction action, AdminCaller caller, string tenant, ChallengerPolicyBody before, ChallengerPolicyBody after, ChallengerStatus? status, IReadOnlyList<string> reasons) =>
        administration.SendAsync(
            new DirectoryWrite
            {
                Action = action,
                Actor = caller.Actor,
                At = time.GetUtcNow(),
                Tenant = tenant,
                Before = JsonSerializer.Serialize(before, ApiJsonContext.Default.ChallengerPolicyBody),
                Document = JsonSerializer.Serialize(
                    new PromotionRecordBody
                    {
                        Policy = after,
                        Forced = reasons.Count > 0,
                        Reasons = reasons,
                        Evidence = status is null ? null : ChallengerEvidenceBody.Of(status.Figures, status.LookedAt),
                    },
                    ApiJsonContext.Default.PromotionRecordBody),
            },
            CancellationToken.None);
}
