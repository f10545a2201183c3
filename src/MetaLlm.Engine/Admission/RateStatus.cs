namespace MetaLlm.Engine.Admission;

/// <summary>How one rate limit stands, for the client.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Remaining">What is left of it, at least 0.</param>
/// <param name="Reset">Until all of it is there again, if nothing else comes.</param>
internal readonly record struct RateStatus(double Limit, double Remaining, TimeSpan Reset);
