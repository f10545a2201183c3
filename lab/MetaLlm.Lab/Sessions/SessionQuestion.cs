using MetaLlm.Core.Features;

namespace MetaLlm.Lab.Sessions;

/// <summary>What a user asks.</summary>
/// <param name="Topic">Number of its topic, from 0.</param>
/// <param name="Features">What a router sees of the question alone.</param>
/// <param name="RecentFeatures">What it sees where it reads the first question and the last ones together.</param>
/// <param name="Scores">How well each model answers, 0 to 1, in the order of the world's models: recorded, or the probability that it does well.</param>
internal sealed record SessionQuestion(int Topic, QueryFeatures Features, QueryFeatures RecentFeatures, double[] Scores);
