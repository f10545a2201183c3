using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Bandits;

/// <summary>
/// How often one arm fails and what that wastes: counts of what succeeded and failed, with a prior of a few calls that succeeded, which fade as the tenant decides. They fade with
/// the arm's calls and without them, so that an arm which is hardly called any more is forgiven.
/// </summary>
internal sealed class Reliability
{
    private const double Memory = 500;
    private const double PriorSuccesses = 4;

    // Beyond this a circuit breaker is open anyway; what is learned must be unlearned again.
    private const double MostOdds = 3;

    // A failure that another arm makes good costs a client time and patience, also where nobody has priced them; one that nobody makes good costs the answer.
    private const double QualityPerFailure = 0.05;
    private const double QualityPerLostAnswer = 0.5;

    // Those that are failures; an answer that was held back is none.
    private const int Kinds = (int)FailureKind.Objected + 1;

    private long[] _counts = [];
    private long _ordinal;
    private double _successes;
    private double _failures;
    private double _lost;
    private double _wastedUsd;
    private double _wastedSeconds;

    /// <summary>Whether there has been none.</summary>
    public bool IsEmpty => _counts.Length == 0;

    public void Succeeded(long ordinal)
    {
        if (!IsEmpty)
        {
            Fade(ordinal);
            _successes++;
        }
    }

    /// <param name="observation">The failure.</param>
    /// <param name="calls">Calls of the arm that had ended before, for its first failure: successes are counted from there on.</param>
    public void Failed(in FailedObservation observation, long calls)
    {
        if (IsEmpty)
        {
            (_counts, _ordinal, _successes) = (new long[Kinds], observation.Ordinal, Math.Min(calls, Memory));
        }

        Fade(observation.Ordinal);
        _failures++;
        _lost += observation.Final ? 1 : 0;
        _wastedUsd += observation.CostUsd;
        _wastedSeconds += observation.Seconds;
        if ((int)observation.Kind is var kind && kind >= 0 && kind < _counts.Length)
        {
            _counts[kind]++;
        }
    }

    /// <summary>What the arm's failures add to one success of it, as expected at a decision.</summary>
    public ExpectedWaste At(long ordinal)
    {
        if (!(_failures > 0))
        {
            return default;
        }

        var kept = Kept(ordinal);
        var share = kept / ((kept * _successes) + PriorSuccesses);
        share *= Math.Min(1, MostOdds / (share * _failures));
        return new ExpectedWaste(share * _wastedUsd, share * _wastedSeconds, share * ((QualityPerFailure * _failures) + (QualityPerLostAnswer * _lost)));
    }

    public ArmFailures Describe() =>
        IsEmpty ? ArmFailures.None : new ArmFailures(_failures / (_successes + _failures + PriorSuccesses), [.. _counts]);

    public void Write(StateWriter writer)
    {
        writer.Long(_ordinal);
        writer.Doubles(IsEmpty ? [] : [_successes, _failures, _lost, _wastedUsd, _wastedSeconds, .. _counts]);
    }

    public void Read(ref StateReader reader)
    {
        _ordinal = reader.Long();
        var v = reader.Doubles();
        if (v.Length == 0)
        {
            return;
        }

        if (v.Length < 6)
        {
            throw new InvalidDataException($"Learned state does not fit: {v.Length} numbers of an arm's failures are too few.");
        }

        (_successes, _failures, _lost, _wastedUsd, _wastedSeconds) = (v[0], v[1], v[2], v[3], v[4]);
        _counts = new long[Math.Max(Kinds, v.Length - 5)];
        for (var kind = 0; kind < v.Length - 5; kind++)
        {
            _counts[kind] = (long)v[5 + kind];
        }
    }

    private double Kept(long ordinal) => ordinal > _ordinal ? Math.Exp((_ordinal - ordinal) / Memory) : 1;

    // Calls end in another order than they begin.
    private void Fade(long ordinal)
    {
        var kept = Kept(ordinal);
        _ordinal = Math.Max(_ordinal, ordinal);
        _successes *= kept;
        _failures *= kept;
        _lost *= kept;
        _wastedUsd *= kept;
        _wastedSeconds *= kept;
    }
}
