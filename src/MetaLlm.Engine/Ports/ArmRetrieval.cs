namespace MetaLlm.Engine.Ports;

/// <summary>That an arm retrieves before it is called, and how.</summary>
/// <param name="Name">Name of the retriever.</param>
/// <param name="Timeout">Time to its answer.</param>
/// <param name="FailsOpen">Whether the arm is called without the text where the retriever fails; otherwise the arm counts as failed and the next one takes over.</param>
/// <param name="Usd">What an answer of the retriever costs, USD.</param>
/// <param name="MostBytes">Longest text that is used, bytes in UTF-8; what is longer is cut.</param>
public sealed record ArmRetrieval(string Name, TimeSpan Timeout, bool FailsOpen, double Usd, int MostBytes);
