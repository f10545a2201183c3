namespace MetaLlm.Lab.Replay;

/// <summary>Which rows a policy learns from with full information before the stream begins; one of the two is given.</summary>
/// <param name="Split">Name of a part of the data set, or null.</param>
/// <param name="Fraction">Share of the rows, drawn per seed, above 0 and below 1; or null.</param>
internal sealed record TrainSelection(string? Split, double? Fraction);
