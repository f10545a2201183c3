namespace MetaLlm.Engine.Admission;

/// <summary>What one call needs of an allowance.</summary>
internal readonly record struct Demand(int Requests, int Calls, double Tokens);
