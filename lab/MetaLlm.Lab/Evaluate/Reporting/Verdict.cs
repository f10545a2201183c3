namespace MetaLlm.Lab.Evaluate.Reporting;

/// <summary>Verdicts of one kind over all data sets.</summary>
/// <param name="Label">What was judged.</param>
/// <param name="Met">How many passed.</param>
/// <param name="All">How many there are.</param>
internal sealed record Verdict(string Label, int Met, int All);
