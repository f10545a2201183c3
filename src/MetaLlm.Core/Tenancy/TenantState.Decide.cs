using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Budgets;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tenancy;

public sealed partial class TenantState
{
    /// <summary>Decides which arm is to serve a query. Changes nothing: the decision takes effect when it is applied.</summary>
    /// <param name="request">The query and its conditions.</param>
    /// <param name="at">When the decision is made.</param>
    /// <param name="heldUsd">USD that calls under way have been promised besides and that no event tells of yet: caps count them as set aside.</param>
    /// <param name="decisionId">The decision's id; null for one that follows from seed and ordinal, so that whoever knows them can compute it.</param>
    /// <returns>The decision, numbered after the last one applied.</returns>
    /// <exception cref="NoFeasibleArmException">Every arm is excluded; the exception says why for each.</exception>
    /// <exception cref="InvalidOperationException">There is no configuration yet.</exception>
    /// <exception cref="ArgumentException">A feature vector or the preference weights is out of range.</exception>
    public DecisionRecord Decide(DecisionRequest request, DateTimeOffset at, double heldUsd = 0, string? decisionId = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        var configuration = Configured();
        Check(request);
        if (request.Candidates is { } candidates)
        {
            return DecideByPrice(request, candidates, at, heldUsd, decisionId);
        }

        var x = _features.Map(request.Features, configuration.Parts);
        var exclusions = new string?[configuration.Arms.Count];
        for (var a = 0; a < exclusions.Length; a++)
        {
            exclusions[a] = Exclusion(configuration.Arms[a], request);
        }

        ExcludeStopped(configuration, request, exclusions);
        var windowTarget = WindowTarget(configuration, at);
        var money = new Money(Target(windowTarget), Lambda(configuration, windowTarget), at);
        var conversation = FindConversation(configuration, request, at);
        var place = Score(configuration, request, conversation, x, exclusions, money);
        if (ExcludeByCost(configuration, request, at, heldUsd, exclusions))
        {
            place = Score(configuration, request, conversation, x, exclusions, money);
        }

        var under = PlanGuarantee(configuration, request, at, heldUsd, exclusions, ref place);
        return Record(configuration, request, at, decisionId, x, exclusions, money.Lambda, place) with { Guarantee = under };
    }

    private static string? Exclusion(Arm arm, DecisionRequest request) =>
        !arm.Enabled ? ArmExclusions.Disabled
        : request.PinnedArm is { } pinned && pinned != arm.Id ? ArmExclusions.NotPinned
        : request.AllowedArms is { } allowed && !allowed.Contains(arm.Id) ? ArmExclusions.NotAllowed
        : request.UnhealthyArms is { } unhealthy && unhealthy.Contains(arm.Id) ? ArmExclusions.Unhealthy
        : arm.ContextTokens > 0 && arm.InputOf(request.Features.InputTokens) > arm.ContextTokens ? ArmExclusions.ContextTooLong
        : request.RequiredCapabilities is { } needed && arm.Capabilities is { } has && needed.Any(n => !has.Contains(n)) ? ArmExclusions.MissingCapability
        : null;

    private static void Check(DecisionRequest request)
    {
        var preferences = request.Preferences;
        if (!(preferences.Quality > 0) || !double.IsFinite(preferences.Quality))
        {
            throw new ArgumentException($"Preferences.Quality is {preferences.Quality}; it must be finite and above 0.", nameof(request));
        }

        if (!(preferences.Cost >= 0) || !double.IsFinite(preferences.Cost))
        {
            throw new ArgumentException($"Preferences.Cost is {preferences.Cost}; it must be finite and at least 0.", nameof(request));
        }

        if (!(preferences.Latency >= 0) || !double.IsFinite(preferences.Latency))
        {
            throw new ArgumentException($"Preferences.Latency is {preferences.Latency}; it must be finite and at least 0.", nameof(request));
        }

        if (!(request.InputTokensBound >= 0) || !double.IsFinite(request.InputTokensBound))
        {
            throw new ArgumentException($"InputTokensBound is {request.InputTokensBound}; it must be finite and at least 0.", nameof(request));
        }

        if (request.MaxOutputTokens is { } limit && !(limit > 0 && double.IsFinite(limit)))
        {
            throw new ArgumentException($"MaxOutputTokens is {limit}; it must be finite and above 0.", nameof(request));
        }

        if (request.Choices < 1)
        {
            throw new ArgumentException($"Choices is {request.Choices}; it must be at least 1.", nameof(request));
        }
    }

    private ConversationPlace? Score(
        TenantConfiguration configuration, DecisionRequest request, Conversation? conversation, float[] x, string?[] exclusions, Money money)
    {
        var feasible = Array.ConvertAll(exclusions, e => e is null);
        if (!feasible.Contains(true))
        {
            throw new NoFeasibleArmException([.. configuration.Arms.Select((arm, a) => KeyValuePair.Create(arm.Id, exclusions[a]!))]);
        }

        Separate(configuration, request, conversation, feasible);
        var query = new DecisionQuery
        {
            Context = x,
            Feasible = feasible,
            InputTokens = request.Features.InputTokens,
            Lambda = money.Lambda * request.Preferences.Cost,
            CostPreference = request.Preferences.Cost,
            LatencyWeight = configuration.LatencyWeight * request.Preferences.Latency,
            QualityWeight = request.Preferences.Quality,
            ExplorationAllowanceUsd = _purse.Allowance(money.TargetUsd),
            TargetUsdPerRequest = money.TargetUsd,
            At = money.At,
            Ordinal = Clock + 1,
            RandomKey = CounterRandom.Bits(~OwnSeed(configuration), (ulong)(DecisionOrdinal + 1)),
            Reuse = Reuse(configuration, request, conversation, money.At),
        };
        _policy!.Decide(query, _scores!);
        if (configuration.ExplorationFloor is { } share)
        {
            ExplorationFloor.Raise(query, _scores!, share);
        }

        var place = Place(configuration, request, conversation, query);
        TakeShare(configuration);
        Bound(configuration, request);
        return place;
    }

    private bool ExcludeByCost(TenantConfiguration configuration, DecisionRequest request, DateTimeOffset at, double heldUsd, string?[] exclusions)
    {
        var headroom = Headroom(configuration, at, heldUsd);
        var (changed, left) = (false, false);
        for (var a = 0; a < exclusions.Length; a++)
        {
            var reason = _scores!.CostUsd[a] > (request.MaxCostUsd ?? double.PositiveInfinity) ? ArmExclusions.OverRequestCap
                : headroom < decimal.MaxValue && SpendLedger.Round(_bounds[a]) > headroom ? ArmExclusions.OverHardCap
                : null;
            if (exclusions[a] is null && reason is not null)
            {
                exclusions[a] = reason;
                changed = true;
            }

            left |= exclusions[a] is null;
        }

        return left ? changed : throw new NoFeasibleArmException([.. configuration.Arms.Select((arm, a) => KeyValuePair.Create(arm.Id, exclusions[a]!))])
        {
            HardCap = RefusalOf(configuration, request, at, heldUsd, headroom, exclusions),
        };
    }

    private DecisionRecord Record(TenantConfiguration configuration, DecisionRequest request, DateTimeOffset at, string? decisionId, float[] x, string?[] exclusions, double lambda, ConversationPlace? place)
    {
        var scores = _scores!;
        var (ordinal, seed) = (DecisionOrdinal + 1, OwnSeed(configuration));
        var draw = CounterRandom.Uniform(seed, (ulong)ordinal);
        int chosen;
        (chosen, draw) = _drawnCanary < 0 ? (Draw(scores, draw), draw) : DrawWithCanary(request, seed, ordinal, draw);
        return new DecisionRecord
        {
            Tenant = Tenant,
            DecisionId = decisionId ?? IdOf(seed, ordinal),
            Ordinal = ordinal,
            AppliedSequence = AppliedSequence,
            At = at,
            Policy = _descriptor!.Name,
            PolicyVersion = _descriptor.StateVersion,
            FeatureSchema = FeatureSchema,
            Context = x,
            Task = request.Features.Task,
            InputTokens = request.Features.InputTokens,
            Arms = [.. configuration.Arms.Select((arm, a) => new ArmAssessment(
                arm.Id,
                scores.Quality[a],
                scores.QualityDeviation[a],
                scores.CostUsd[a],
                scores.LatencySeconds[a],
                exclusions[a] is null && a != _keptFromPolicy ? scores.Score[a] : null,
                scores.Propensity[a],
                exclusions[a],
                _bounds[a],
                place is null ? 0 : ExpectedCached(a)))],
            ChosenArm = configuration.Arms[chosen].Id,
            GreedyArm = configuration.Arms[scores.Greedy].Id,
            Pinned = request.PinnedArm is not null,
            Propensity = scores.Propensity[chosen],
            Draw = draw,
            Seed = seed,
            Lambda = lambda,
            Preferences = request.Preferences,
            ReservedUsd = scores.CostUsd[chosen],
            Origin = request.Origin,
            User = request.User,
            UserWeight = configuration.MaxWeightPerUser is { } most ? _users.Next(request.User, at, most) : 1,
            Key = request.Key,
            Conversation = place,
        };
    }

    // Inverse of the cumulative distribution in arm order; rounding at the end falls to the last arm that has any probability.
    private static int Draw(DecisionScores scores, double draw)
    {
        var cumulated = 0.0;
        var last = scores.Greedy;
        for (var a = 0; a < scores.Propensity.Length; a++)
        {
            if (scores.Propensity[a] <= 0)
            {
                continue;
            }

            cumulated += scores.Propensity[a];
            last = a;
            if (draw < cumulated)
            {
                return a;
            }
        }

        return last;
    }

    // What budgets ask of a decision: mean spend to keep, USD, infinite without one; shadow price, quality per USD. And when.
    private readonly record struct Money(double TargetUsd, double Lambda, DateTimeOffset At);
}
