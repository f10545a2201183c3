using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;
using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>References of one seed's stream, phase by phase: simple choices know which phase it is.</summary>
internal sealed class PhasedReferences
{
    /// <summary>Computes every reference of every phase that has rows.</summary>
    /// <param name="world">The world.</param>
    /// <param name="stream">The seed's stream.</param>
    public PhasedReferences(ReplayWorld world, ReplayStream stream)
    {
        var rows = stream.Scored.ToArray();
        Starts = world.Starts(stream);
        Phases =
        [
            .. world.Phases.Select((phase, p) =>
            {
                var end = p + 1 < Starts.Length ? Starts[p + 1] : rows.Length;
                return new SeedReferences([.. rows[Starts[p]..end].Select(r => phase.Rows[r])], phase.Available);
            }),
        ];
    }

    /// <summary>Number of the first scored request of every phase.</summary>
    public int[] Starts { get; }

    /// <summary>References by phase.</summary>
    public IReadOnlyList<SeedReferences> Phases { get; }

    /// <summary>A reference over the whole stream.</summary>
    public CostRewardPoint Mean(Func<SeedReferences, CostRewardPoint> reference) =>
        SeedReferences.Sum(Phases.Select(p => (p.Count, reference(p))));

    /// <summary>Expected reward, request by request, of the static mix that costs as much as the policy did in each phase.</summary>
    public double[] MixRewards(SeedOutcome outcome) =>
        [.. Phases.SelectMany((phase, p) => phase.MixRewards(outcome.CostUsd.AsSpan(Starts[p], phase.Count).ToArray().Average()))];
}
