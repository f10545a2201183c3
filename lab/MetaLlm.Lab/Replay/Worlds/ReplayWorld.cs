using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Replay.Worlds;

/// <summary>Recorded outcomes, and how they, the arms and the prices change while they are played.</summary>
internal sealed record ReplayWorld
{
    /// <summary>Requests that a scenario needs at least, so that a phase means something.</summary>
    public const int LeastScenarioRequests = 90;

    /// <summary>Name of the scenario; null when nothing changes.</summary>
    public string? Scenario { get; init; }

    /// <summary>Every arm that there ever is.</summary>
    public required IReadOnlyList<Arm> Arms { get; init; }

    /// <summary>The phases in order; at least one. Requests that are burnt in belong to the first.</summary>
    public required IReadOnlyList<WorldPhase> Phases { get; init; }

    /// <summary>Index of the arm that the scenario is about, or null.</summary>
    public int? Subject { get; init; }

    /// <summary>Whether the subject is new to the policy when the second phase begins.</summary>
    public bool SubjectJoins { get; init; }

    /// <summary>Whether phases are the parts of the data set; otherwise they are equally long.</summary>
    public bool PhasesAreParts { get; init; }

    /// <summary>A world in which nothing changes.</summary>
    public static ReplayWorld Unchanged(ReplayDataset dataset) => new()
    {
        Arms = dataset.Arms,
        Phases = [Phase("all", dataset)],
    };

    /// <summary>A phase with every arm of a data set, as recorded.</summary>
    public static WorldPhase Phase(string name, ReplayDataset dataset) => new()
    {
        Name = name,
        Rows = dataset.Rows,
        Arms = dataset.Arms,
        Indices = [.. Enumerable.Range(0, dataset.Arms.Count)],
    };

    /// <summary>Where phases begin.</summary>
    /// <param name="stream">The stream.</param>
    /// <returns>Per phase, the number of its first scored request, from 0.</returns>
    public int[] Starts(ReplayStream stream)
    {
        var scored = stream.Scored;
        var starts = new int[Phases.Count];
        for (var p = 1; p < starts.Length; p++)
        {
            starts[p] = PhasesAreParts ? FirstOf(Phases[p].Name, scored) : (int)((long)scored.Length * p / starts.Length);
        }

        return starts;
    }

    private int FirstOf(string part, ReadOnlySpan<int> scored)
    {
        for (var i = 0; i < scored.Length; i++)
        {
            if (Phases[0].Rows[scored[i]].Split == part)
            {
                return i;
            }
        }

        return scored.Length;
    }
}
