namespace MetaLlm.Engine.Journal;

/// <summary>What became of a warm start.</summary>
/// <param name="Rows">Rows that the policy now rests on.</param>
/// <param name="Duplicate">Whether it rested on this very set already; then nothing changed.</param>
/// <param name="Sequence">The event's sequence; null when it is a duplicate.</param>
public sealed record WarmStartReceipt(int Rows, bool Duplicate, long? Sequence);
