using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Rollout;

/// <summary>
/// Compares a canary with the other arms, by the arm that was chosen, whoever served in the end. It is stopped when a bound of its own is worse than the bound of the others; of four
/// bounds each is ever wrong with a quarter of the probability of a false stop.
/// </summary>
internal sealed class CanaryMonitor
{
    private const int Bounds = 4;

    private readonly MeanSequence[] _sequences;

    /// <param name="arm">The canary.</param>
    /// <param name="after">Ordinal of the last decision before it.</param>
    /// <param name="falseStops">Probability of a false stop; it holds for as long as the canary does.</param>
    public CanaryMonitor(string arm, long after, double falseStops)
        : this(arm, after, falseStops, [new(), new(), new(), new()])
    {
    }

    private CanaryMonitor(string arm, long after, double falseStops, MeanSequence[] sequences) => (Arm, After, FalseStops, _sequences) = (arm, after, falseStops, sequences);

    public string Arm { get; }

    public long After { get; }

    public double FalseStops { get; }

    public CanaryStop Stop { get; private set; }

    public DateTimeOffset StoppedAt { get; private set; }

    private double Alpha => FalseStops / Bounds;

    private MeanSequence OwnFailures => _sequences[0];

    private MeanSequence OtherFailures => _sequences[1];

    private MeanSequence OwnRewards => _sequences[2];

    private MeanSequence OtherRewards => _sequences[3];

    /// <summary>A call has ended.</summary>
    public void Settled(SettledEvent settled, double tolerance)
    {
        if (!Concerns(settled.Decision) || settled.Outcome is CallOutcome.Aborted or CallOutcome.Expired)
        {
            return;
        }

        // What a model objects to is the request.
        var chosen = settled.Decision.ChosenArm;
        var failed = settled.FailedAttempts.Any(attempt => attempt.ArmId == chosen && attempt.Kind != FailureKind.Objected)
            || (settled.Outcome == CallOutcome.Cut && settled.Decision.ServedArm == chosen);
        (chosen == Arm ? OwnFailures : OtherFailures).Observe(failed ? 1 : 0, Alpha);
        if (OwnFailures.Lower(Alpha) > OtherFailures.Upper(Alpha) + tolerance)
        {
            End(CanaryStop.Failures, settled.At);
        }
    }

    /// <summary>Feedback has come. Corrections are passed over, so that an observation stays what it was, and so are judges, who may err more about one model than about another.</summary>
    public void Rewarded(RewardedEvent rewarded, double tolerance)
    {
        if (!Concerns(rewarded.Decision) || rewarded.Decision.Rerouted || !rewarded.IsFirstWord)
        {
            return;
        }

        (rewarded.Decision.ChosenArm == Arm ? OwnRewards : OtherRewards).Observe(rewarded.Reward, Alpha);
        if (OwnRewards.Upper(Alpha) < OtherRewards.Lower(Alpha) - tolerance)
        {
            End(CanaryStop.Reward, rewarded.At);
        }
    }

    public CanaryReport Report(double share) => new()
    {
        Arm = Arm,
        Share = share,
        Stop = Stop,
        StoppedAt = Stop == CanaryStop.None ? null : StoppedAt,
        Canary = new CanarySide(OwnFailures.Count, OwnFailures.Mean, OwnFailures.Lower(Alpha), OwnRewards.Count, OwnRewards.Mean, OwnRewards.Upper(Alpha)),
        Others = new CanarySide(OtherFailures.Count, OtherFailures.Mean, OtherFailures.Upper(Alpha), OtherRewards.Count, OtherRewards.Mean, OtherRewards.Lower(Alpha)),
    };

    public void Write(StateWriter writer)
    {
        writer.Text(Arm);
        writer.Long(After);
        writer.Double(FalseStops);
        writer.Int((int)Stop);
        writer.Long(StoppedAt.UtcTicks);
        foreach (var sequence in _sequences)
        {
            sequence.Write(writer);
        }
    }

    public static CanaryMonitor Read(ref StateReader reader)
    {
        var (arm, after, falseStops, stop, ticks) = (reader.Text(), reader.Long(), reader.Double(), (CanaryStop)reader.Int(), reader.Long());
        var sequences = new MeanSequence[Bounds];
        for (var i = 0; i < sequences.Length; i++)
        {
            sequences[i] = MeanSequence.Read(ref reader);
        }

        return new CanaryMonitor(arm, after, falseStops, sequences) { Stop = stop, StoppedAt = new DateTimeOffset(ticks, TimeSpan.Zero) };
    }

    private bool Concerns(DecisionFacts decision) => Stop == CanaryStop.None && decision is { IsOfPolicy: true, Pinned: false, ChosenArm: not null } && decision.Ordinal > After;

    private void End(CanaryStop stop, DateTimeOffset at) => (Stop, StoppedAt) = (stop, at.ToUniversalTime());
}
