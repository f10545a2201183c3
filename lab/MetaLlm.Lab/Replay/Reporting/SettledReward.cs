namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>Reward of a phase once its first requests are over.</summary>
/// <param name="After">Requests of the phase that are left out: 300, or half the phase where it is shorter than 600.</param>
/// <param name="Reward">Mean reward of the others.</param>
/// <param name="BestPerTask">Mean reward on the others of the arm that is best per task tag, in hindsight.</param>
/// <param name="Ratio">The first over the second.</param>
internal sealed record SettledReward(int After, double Reward, double BestPerTask, double Ratio);
