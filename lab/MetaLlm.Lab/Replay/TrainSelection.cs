namespace MetaLlm.Lab.Replay;

/// <summary>Which rows a policy learns from with full information before the stream begins; one of the three is given.</summary>
/// <param name="Split">Name of a part of the data set, or null.</param>
/// <param name="Fraction">Share of the rows, drawn per seed, above 0 and below 1; or null.</param>
/// <param name="Rows">Number of the rows, drawn per seed, at least 1; or null.</param>
internal sealed record TrainSelection(string? Split, double? Fraction, int? Rows = null)
{
    /// <summary>Whether the rows are drawn.</summary>
    public bool IsDrawn => Split is null;
}
