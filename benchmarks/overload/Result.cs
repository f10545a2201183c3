namespace MetaLlm.Benchmarks.Overload;

/// <summary>What clients saw, a second.</summary>
internal sealed record Result(double Answered, double Median, double P99, double TurnedAway, double Left, double Failed);
