using MetaLlm.Core.Bandits;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Rollout;

namespace MetaLlm.Core.Tenancy;

/// <summary>A canary gets its share of the decisions that are free, and no other: docs/math/canary.md.</summary>
public sealed partial class TenantState
{
    private CanaryMonitor? _canary;

    // The canary's arm while a decision is made: kept from the policy, and drawn for its share; -1 where it plays no part.
    private int _keptFromPolicy = -1;
    private int _drawnCanary = -1;

    private void SetCanary(TenantConfiguration configuration) => _canary = configuration.Canary is not { } canary ? null
        : _canary is { } running && running.Arm == canary.Arm && running.FalseStops == canary.FalseStops ? running
        : new CanaryMonitor(canary.Arm, DecisionOrdinal, canary.FalseStops);

    private CanaryReport? ReportCanary(TenantConfiguration configuration) => _canary?.Report(configuration.Canary!.Share);

    /// <summary>A canary that was stopped serves nobody, unless nothing else can.</summary>
    private void ExcludeStopped(TenantConfiguration configuration, DecisionRequest request, string?[] exclusions)
    {
        if (_canary is { Stop: not CanaryStop.None } canary && request.PinnedArm is null && _armIndex.TryGetValue(canary.Arm, out var arm) && exclusions[arm] is null
            && configuration.Arms.Where((_, a) => a != arm && exclusions[a] is null).Any())
        {
            exclusions[arm] = ArmExclusions.CanaryStopped;
        }
    }

    /// <summary>Keeps the canary from the policy, and finds out whether it is drawn. A conversation stays where it began.</summary>
    private void Separate(TenantConfiguration configuration, DecisionRequest request, Conversation? conversation, bool[] feasible)
    {
        (_keptFromPolicy, _drawnCanary) = (-1, -1);
        if (configuration.Canary is { } canary && request.PinnedArm is null && _armIndex.TryGetValue(canary.Arm, out var arm) && feasible[arm]
            && conversation?.Arm != canary.Arm && Choice.Count(feasible) > 1)
        {
            feasible[arm] = false;
            _keptFromPolicy = arm;
            _drawnCanary = conversation is null ? arm : -1;
        }
    }

    /// <summary>Gives the canary its share of the probability, and the others what is left.</summary>
    private void TakeShare(TenantConfiguration configuration)
    {
        if (_drawnCanary < 0)
        {
            return;
        }

        var (share, propensity) = (configuration.Canary!.Share, _scores!.Propensity);
        for (var a = 0; a < propensity.Length; a++)
        {
            propensity[a] = a == _drawnCanary ? share : propensity[a] * (1 - share);
        }
    }

    /// <summary>
    /// Draws the canary by whom the request comes from, so that it stays the same for the same user or conversation, and the others by the decision's own draw.
    /// </summary>
    /// <returns>The arm; and the number by which the propensities in order would give it.</returns>
    private (int Arm, double Draw) DrawWithCanary(DecisionRequest request, ulong seed, long ordinal, double draw)
    {
        var propensity = _scores!.Propensity;
        var share = propensity[_drawnCanary];
        var before = 0.0;
        for (var a = 0; a < _drawnCanary; a++)
        {
            before += propensity[a];
        }

        var unit = request.Unit != 0 ? request.Unit : (ulong)ordinal;

        // Another canary divides the users otherwise.
        if (CounterRandom.Uniform(CounterRandom.Bits(~seed, TextHash.Of(_canary!.Arm)), unit) < share)
        {
            return (_drawnCanary, before + (share * draw));
        }

        var among = draw * (1 - share);
        among += among >= before ? share : 0;
        return (Draw(_scores, among) is var arm && arm != _drawnCanary ? arm : _scores.Greedy, among);
    }

    private void WriteCanary(StateWriter writer, CanarySettings canary)
    {
        writer.Text(canary.Arm);
        writer.Double(canary.Share);
        writer.Double(canary.FalseStops);
        writer.Double(canary.Tolerance);
        _canary!.Write(writer);
    }

    private void ReadCanary(ref StateReader reader)
    {
        Configuration = Configuration! with
        {
            Canary = new CanarySettings { Arm = reader.Text(), Share = reader.Double(), FalseStops = reader.Double(), Tolerance = reader.Double() },
        };
        _canary = CanaryMonitor.Read(ref reader);
    }
}
