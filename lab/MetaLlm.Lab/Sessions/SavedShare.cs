namespace MetaLlm.Lab.Sessions;

/// <summary>What one strategy costs less than the best mix of another one over all goals that answers at least as many questions well, as a share.</summary>
/// <param name="Mean">Over all seeds together.</param>
/// <param name="Least">Least of any seed that can be compared; NaN where none can.</param>
/// <param name="Most">Most of any seed.</param>
internal sealed record SavedShare(double Mean, double Least, double Most);
