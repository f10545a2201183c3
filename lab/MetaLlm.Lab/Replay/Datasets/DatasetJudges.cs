namespace MetaLlm.Lab.Replay.Datasets;

/// <summary>Whose scores are taken, where several judges have scored the same answers (<c>other_judges</c> of a row).</summary>
/// <param name="Learn">The judge of the rows that policies learn from before the stream.</param>
/// <param name="Score">The judge of all other rows.</param>
/// <param name="TrainSplit">The part of those rows.</param>
internal sealed record DatasetJudges(string Learn, string Score, string TrainSplit)
{
    /// <summary>The judge of a row.</summary>
    /// <param name="split">Its part of the data set.</param>
    public string Of(string? split) => split == TrainSplit ? Learn : Score;
}
