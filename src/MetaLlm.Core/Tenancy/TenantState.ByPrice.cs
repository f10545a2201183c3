using MetaLlm.Core.Budgets;

namespace MetaLlm.Core.Tenancy;

/// <summary>Calls of models that are no arms: the cheapest that can be afforded serves, the ledger books it, and the policy hears nothing of it.</summary>
public sealed partial class TenantState
{
    private const int ByPriceVersion = 1;

    private DecisionRecord DecideByPrice(DecisionRequest request, IReadOnlyList<PricedCandidate> candidates, DateTimeOffset at, double heldUsd, string? decisionId)
    {
        var configuration = Configured();
        Check(candidates, request.Features.InputTokens);
        var headroom = Headroom(configuration, at, heldUsd);
        var exclusions = new string?[candidates.Count];
        var (chosen, least) = (-1, double.PositiveInfinity);
        for (var i = 0; i < exclusions.Length; i++)
        {
            var candidate = candidates[i];
            exclusions[i] = Exclusion(candidate, request);
            if (exclusions[i] is null && headroom < decimal.MaxValue && SpendLedger.Round(Held(configuration, candidate)) > headroom)
            {
                exclusions[i] = ArmExclusions.OverHardCap;
                least = Math.Min(least, Held(configuration, candidate));
            }

            if (exclusions[i] is null && (chosen < 0 || candidate.CostUsd < candidates[chosen].CostUsd))
            {
                chosen = i;
            }
        }

        if (chosen < 0)
        {
            throw new NoFeasibleArmException([.. candidates.Select((candidate, i) => KeyValuePair.Create(candidate.ArmId, exclusions[i]!))])
            {
                HardCap = double.IsFinite(least) ? Refusal(configuration, at, heldUsd, SpendLedger.Round(least), null) : null,
            };
        }

        var ordinal = DecisionOrdinal + 1;
        return new DecisionRecord
        {
            Tenant = Tenant,
            DecisionId = decisionId ?? IdOf(configuration.Seed, ordinal),
            Ordinal = ordinal,
            AppliedSequence = AppliedSequence,
            At = at,
            Policy = DecisionRecord.ByPrice,
            PolicyVersion = ByPriceVersion,
            FeatureSchema = DecisionRecord.NoFeatures,
            Context = [],
            Task = request.Features.Task,
            InputTokens = request.Features.InputTokens,
            Arms = [.. candidates.Select((candidate, i) => new ArmAssessment(
                candidate.ArmId, 0, 0, candidate.CostUsd, 0, exclusions[i] is null ? -candidate.CostUsd : null, i == chosen ? 1 : 0, exclusions[i], Held(configuration, candidate)))],
            ChosenArm = candidates[chosen].ArmId,
            GreedyArm = candidates[chosen].ArmId,
            Pinned = request.PinnedArm is not null,
            Propensity = 1,
            Draw = 0,
            Seed = configuration.Seed,
            Lambda = 0,
            Preferences = request.Preferences,
            ReservedUsd = candidates[chosen].CostUsd,
            Origin = request.Origin,
            User = request.User,
            Key = request.Key,
        };
    }

    private static string? Exclusion(PricedCandidate candidate, DecisionRequest request) =>
        candidate.Exclusion is { } given ? given
        : request.PinnedArm is { } pinned && pinned != candidate.ArmId ? ArmExclusions.NotPinned
        : request.AllowedArms is { } allowed && !allowed.Contains(candidate.ArmId) ? ArmExclusions.NotAllowed
        : request.UnhealthyArms is { } unhealthy && unhealthy.Contains(candidate.ArmId) ? ArmExclusions.Unhealthy
        : candidate.CostUsd > (request.MaxCostUsd ?? double.PositiveInfinity) ? ArmExclusions.OverRequestCap
        : null;

    private static double Held(TenantConfiguration configuration, PricedCandidate candidate) =>
        configuration.HardCapReserve == HardCapReserve.Mean ? candidate.CostUsd : candidate.BoundUsd;

    private static void Check(IReadOnlyList<PricedCandidate> candidates, double inputTokens)
    {
        if (candidates.Count == 0)
        {
            throw new ArgumentException("Candidates is empty; at least one is needed.", nameof(candidates));
        }

        CheckMeasure("InputTokens", inputTokens);
        for (var i = 0; i < candidates.Count; i++)
        {
            CheckMeasure($"Candidates[{i}].CostUsd", candidates[i].CostUsd);
            CheckMeasure($"Candidates[{i}].BoundUsd", candidates[i].BoundUsd - candidates[i].CostUsd);
        }
    }
}
