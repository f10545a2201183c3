namespace MetaLlm.Evaluation.Log;

/// <summary>Which decisions of a log were used; each of the others is counted once, for the first reason that applies.</summary>
/// <param name="Decisions">Decisions of the log.</param>
/// <param name="Used">Decisions used.</param>
/// <param name="Pinned">Left out: the caller named the arm, or a conversation kept its own, so nothing was chosen.</param>
/// <param name="Rerouted">Left out: another arm answered, and not with a known probability.</param>
/// <param name="Unrewarded">Left out: no reward has arrived.</param>
/// <param name="Undefined">Left out: the policy to evaluate has no choice there, such as a fixed arm that could not serve.</param>
public sealed record LogUse(int Decisions, int Used, int Pinned, int Rerouted, int Unrewarded, int Undefined);
