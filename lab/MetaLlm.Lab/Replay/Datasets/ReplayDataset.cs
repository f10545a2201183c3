using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Replay.Datasets;

/// <summary>Recorded outcomes: the same queries answered by several LLMs.</summary>
/// <param name="Name">Name of the data set.</param>
/// <param name="File">Path of the file with the rows, for messages.</param>
/// <param name="Arms">The LLMs in play.</param>
/// <param name="Rows">The queries in recorded order; at least one.</param>
internal sealed record ReplayDataset(string Name, string File, IReadOnlyList<Arm> Arms, IReadOnlyList<ReplayRow> Rows)
{
    /// <summary>Names of the parts of the data set in order of first appearance.</summary>
    public IReadOnlyList<string> Splits { get; } = [.. Rows.Select(r => r.Split).OfType<string>().Distinct()];
}
