using MetaLlm.Core.Judging;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>Checks what is about to be recorded: a bad number in a journal would spoil every later replay.</summary>
public static class JournalArguments
{
    /// <summary>Longest idempotency key, in characters.</summary>
    public const int MaxKeyLength = 512;

    /// <summary>What the journal's own keys begin with, those of feedback without a key; no other key may.</summary>
    public const string OwnKeyPrefix = "unkeyed:";

    /// <summary>Checks that decisions can be appended together.</summary>
    /// <param name="decisions">At least one; of one tenant, with consecutive ordinals.</param>
    /// <exception cref="ArgumentException">They cannot.</exception>
    public static void ThrowIfInvalid(IReadOnlyList<DecisionRecord> decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        if (decisions.Count == 0)
        {
            throw new ArgumentException("decisions is empty; at least one is needed.", nameof(decisions));
        }

        for (var i = 0; i < decisions.Count; i++)
        {
            var (decision, expected) = (decisions[i], decisions[0].Ordinal + i);
            if (decision.Tenant != decisions[0].Tenant || decision.Ordinal != expected)
            {
                throw new ArgumentException(
                    $"decisions[{i}] has ordinal {decision.Ordinal} of tenant '{decision.Tenant}'; ordinal {expected} of tenant '{decisions[0].Tenant}' must follow.",
                    nameof(decisions));
            }

            // The texts that name a field are made where there is an error alone.
            if (!IsAmount(decision.ReservedUsd) || !IsAmount(decision.BoundUsd))
            {
                ThrowIfNotAmount(decision.ReservedUsd, $"decisions[{i}].ReservedUsd", nameof(decisions));
                ThrowIfNotAmount(decision.BoundUsd, $"decisions[{i}].BoundUsd", nameof(decisions));
            }

            if (!(decision.Propensity > 0 && decision.Propensity <= 1))
            {
                throw new ArgumentException($"decisions[{i}].Propensity is {decision.Propensity}; it must be above 0 and at most 1.", nameof(decisions));
            }
        }
    }

    /// <summary>Checks a reroute.</summary>
    /// <param name="reroute">Names a decision and an arm; reserves a finite amount, at least 0.</param>
    /// <exception cref="ArgumentException">It is not so.</exception>
    public static void ThrowIfInvalid(Reroute reroute)
    {
        ArgumentNullException.ThrowIfNull(reroute);
        ThrowIfEmpty(reroute.DecisionId, nameof(reroute.DecisionId), nameof(reroute));
        ThrowIfEmpty(reroute.ToArm, nameof(reroute.ToArm), nameof(reroute));
        ArgumentNullException.ThrowIfNull(reroute.Reason);
        ThrowIfNotAmount(reroute.ReservedUsd, nameof(reroute.ReservedUsd), nameof(reroute));
        ThrowIfNotAmount(reroute.BoundUsd, nameof(reroute.BoundUsd), nameof(reroute));
        ThrowIfNotAmount(reroute.AttemptsUsd ?? 0, nameof(reroute.AttemptsUsd), nameof(reroute));
    }

    /// <summary>Checks a consideration.</summary>
    /// <param name="consideration">Names a decision; its signals are within their ranges, and its amount is finite and at least 0.</param>
    /// <exception cref="ArgumentException">It is not so.</exception>
    public static void ThrowIfInvalid(Consideration consideration)
    {
        ArgumentNullException.ThrowIfNull(consideration);
        ThrowIfEmpty(consideration.DecisionId, nameof(consideration.DecisionId), nameof(consideration));
        ThrowIfNotAmount(consideration.SpentUsd, nameof(consideration.SpentUsd), nameof(consideration));
        if (consideration.Signals.Fault() is { } fault)
        {
            throw new ArgumentException($"Signals: {fault}", nameof(consideration));
        }
    }

    /// <summary>Checks a settlement, whose cost may still be unknown.</summary>
    /// <param name="settlement">Names a decision; every number given is finite and at least 0, cached tokens at most the input tokens.</param>
    /// <exception cref="ArgumentException">It is not so.</exception>
    public static void ThrowIfInvalid(Settlement settlement)
    {
        ArgumentNullException.ThrowIfNull(settlement);
        ThrowIfEmpty(settlement.DecisionId, nameof(settlement.DecisionId), nameof(settlement));
        if (!Enum.IsDefined(settlement.Outcome))
        {
            throw new ArgumentException(
                $"Outcome is {settlement.Outcome}; it must be one of {string.Join(", ", Enum.GetNames<CallOutcome>())}.", nameof(settlement));
        }

        ThrowIfInvalid(settlement.Usage, "Usage", nameof(settlement));
        ThrowIfNotAmount(settlement.CostUsd ?? 0, nameof(settlement.CostUsd), nameof(settlement));
        ThrowIfNotAmount(settlement.LatencySeconds ?? 0, nameof(settlement.LatencySeconds), nameof(settlement));
        if (settlement.Weighed?.Fault() is { } fault)
        {
            throw new ArgumentException($"Weighed: {fault}", nameof(settlement));
        }

        for (var i = 0; i < settlement.FailedAttempts.Count; i++)
        {
            var (attempt, path) = (settlement.FailedAttempts[i], $"FailedAttempts[{i}]");
            ThrowIfEmpty(attempt.ArmId, $"{path}.ArmId", nameof(settlement));
            if (!Enum.IsDefined(attempt.Kind))
            {
                throw new ArgumentException($"{path}.Kind is {attempt.Kind}; it must be one of {string.Join(", ", Enum.GetNames<FailureKind>())}.", nameof(settlement));
            }

            ThrowIfInvalid(attempt.Usage, $"{path}.Usage", nameof(settlement));
            ThrowIfNotAmount(attempt.CostUsd ?? 0, $"{path}.CostUsd", nameof(settlement));
            ThrowIfNotAmount(attempt.Seconds, $"{path}.Seconds", nameof(settlement));
        }
    }

    /// <summary>Checks a settlement that is to be recorded.</summary>
    /// <param name="settlement">As for <see cref="ThrowIfInvalid(Settlement)"/>, with a cost; each failed attempt has one too.</param>
    /// <returns>The cost, USD.</returns>
    /// <exception cref="ArgumentException">It is not so.</exception>
    public static double RequireCost(Settlement settlement)
    {
        ThrowIfInvalid(settlement);
        if (settlement.FailedAttempts.Any(attempt => attempt.CostUsd is null))
        {
            throw new ArgumentException("FailedAttempts holds one without a cost; the journal does not know prices.", nameof(settlement));
        }

        return settlement.CostUsd ?? throw new ArgumentException("CostUsd is missing; the journal does not know prices.", nameof(settlement));
    }

    /// <summary>Checks feedback.</summary>
    /// <param name="submissions">
    /// Each names a decision, has a reward of 0 to 1, a weight above 0 and at most 1, no settlement or one of the same decision with a cost, and no key or one of 1 to <see cref="MaxKeyLength"/> characters
    /// that <see cref="KeyFault"/> finds nothing wrong with.
    /// </param>
    /// <exception cref="ArgumentException">It is not so.</exception>
    public static void ThrowIfInvalid(IReadOnlyList<FeedbackSubmission> submissions)
    {
        ArgumentNullException.ThrowIfNull(submissions);
        for (var i = 0; i < submissions.Count; i++)
        {
            var submission = submissions[i];
            ThrowIfEmpty(submission.DecisionId, $"submissions[{i}].DecisionId", nameof(submissions));
            if (!(submission.Reward >= 0 && submission.Reward <= 1))
            {
                throw new ArgumentException($"submissions[{i}].Reward is {submission.Reward}; it must be between 0 and 1.", nameof(submissions));
            }

            if (!(submission.Weight > 0 && submission.Weight <= 1))
            {
                throw new ArgumentException($"submissions[{i}].Weight is {submission.Weight}; it must be above 0 and at most 1.", nameof(submissions));
            }

            if (submission.Verdicts is { } verdicts)
            {
                CheckVerdicts(submission, verdicts, i);
            }

            if (submission.Settlement is { } settlement && (RequireCost(settlement) < 0 || settlement.DecisionId != submission.DecisionId))
            {
                throw new ArgumentException(
                    $"submissions[{i}].Settlement is about '{settlement.DecisionId}'; it must be about '{submission.DecisionId}'.", nameof(submissions));
            }

            if (submission.IdempotencyKey is not { } key)
            {
                continue;
            }

            ThrowIfEmpty(key, $"submissions[{i}].IdempotencyKey", nameof(submissions));
            if (key.Length > MaxKeyLength)
            {
                throw new ArgumentException($"submissions[{i}].IdempotencyKey has {key.Length} characters; it may have {MaxKeyLength}.", nameof(submissions));
            }

            if (KeyFault(key) is { } fault)
            {
                throw new ArgumentException($"submissions[{i}].IdempotencyKey {fault}", nameof(submissions));
            }
        }
    }

    /// <summary>What is wrong with the characters of an idempotency key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The end of a sentence that begins with its name; null when nothing is wrong.</returns>
    public static string? KeyFault(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.StartsWith(OwnKeyPrefix, StringComparison.Ordinal))
        {
            return $"begins with '{OwnKeyPrefix}', which is kept for feedback without a key; any other beginning is legal.";
        }

        return StorableText.Is(key) ? null : "holds U+0000 or half of a UTF-16 pair; every other character is legal.";
    }

    private static void ThrowIfInvalid(in TokenUsage usage, string path, string parameter)
    {
        ThrowIfNotAmount(usage.Input, $"{path}.Input", parameter);
        ThrowIfNotAmount(usage.CachedInput, $"{path}.CachedInput", parameter);
        ThrowIfNotAmount(usage.Output, $"{path}.Output", parameter);
        if (usage.CachedInput > usage.Input)
        {
            throw new ArgumentException($"{path}.CachedInput is {usage.CachedInput}; it must be at most {path}.Input, {usage.Input}.", parameter);
        }
    }

    private static void ThrowIfEmpty(string value, string field, string parameter)
    {
        if (string.IsNullOrEmpty(value))
        {
            throw new ArgumentException($"{field} is empty; it is required.", parameter);
        }
    }

    private static bool IsAmount(double value) => double.IsFinite(value) && value >= 0;

    private static void ThrowIfNotAmount(double value, string field, string parameter)
    {
        if (!IsAmount(value))
        {
            throw new ArgumentException($"{field} is {value}; it must be finite and at least 0.", parameter);
        }
    }

    private static void CheckVerdicts(FeedbackSubmission submission, IReadOnlyList<JudgeVerdict> verdicts, int index)
    {
        if (submission.IdempotencyKey is not null || submission.IsDefault || submission.IsWithdrawal || submission.Label is not null || submission.Comment is not null)
        {
            throw new ArgumentException($"submissions[{index}].Verdicts stand beside a key, a label, a comment, a default or a withdrawal; verdicts have none of them.", nameof(submission));
        }

        if (verdicts.Count is 0 or > JudgeVerdict.Most)
        {
            throw new ArgumentException($"submissions[{index}].Verdicts has {verdicts.Count} entries; 1 to {JudgeVerdict.Most} are legal.", nameof(submission));
        }

        for (var v = 0; v < verdicts.Count; v++)
        {
            if (verdicts[v].Fault() is { } fault)
            {
                throw new ArgumentException($"submissions[{index}].Verdicts[{v}]: {fault}", nameof(submission));
            }
        }
    }
}
