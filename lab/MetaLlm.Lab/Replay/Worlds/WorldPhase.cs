using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Replay.Worlds;

/// <summary>A stretch of the stream during which the world does not change.</summary>
internal sealed record WorldPhase
{
    /// <summary>What happens in it, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Outcomes in force, by row index of the data set; arrays are by arm index of the world.</summary>
    public required IReadOnlyList<ReplayRow> Rows { get; init; }

    /// <summary>Arms of the tenant's configuration, with the prices in force.</summary>
    public required IReadOnlyList<Arm> Arms { get; init; }

    /// <summary>Index within the world of each of <see cref="Arms"/>.</summary>
    public required IReadOnlyList<int> Indices { get; init; }

    /// <summary>Ids of configured arms that are down.</summary>
    public IReadOnlyList<string> Unhealthy { get; init; } = [];

    /// <summary>Indices within the world of the arms that can serve.</summary>
    public int[] Available => [.. Indices.Where((_, i) => !Unhealthy.Contains(Arms[i].Id))];
}
