using MetaLlm.Core.Numerics;

namespace MetaLlm.Lab.Sessions;

/// <summary>A session, drawn beforehand: every strategy sees the same ones, with the same luck.</summary>
/// <param name="Index">Its number.</param>
/// <param name="StartSeconds">When it begins.</param>
/// <param name="Turns">Its turns.</param>
internal sealed record SessionScript(int Index, double StartSeconds, IReadOnlyList<SessionTurn> Turns)
{
    /// <summary>Length of <see cref="SessionTurn.Features"/>.</summary>
    public const int FeatureCount = 32;

    private const int Kinds = 4;
    private const int FollowUp = Kinds;
    private const int Recent = 4;
    private const double FeatureNoise = 0.35;
    private const double LengthSpread = 0.8;
    private const double UserSpread = 1.2;

    /// <summary>Draws sessions.</summary>
    /// <param name="world">The world.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed.</param>
    public static IReadOnlyList<SessionScript> Draw(SessionWorld world, int count, int seed)
    {
        var sessions = new SessionScript[count];
        var start = 0.0;
        for (var i = 0; i < count; i++)
        {
            var draws = new Draws(CounterRandom.Bits((ulong)seed, (ulong)i + 1));
            start += draws.Exponential(world.SecondsBetween);
            sessions[i] = new SessionScript(i, start, DrawTurns(world, draws));
        }

        return sessions;
    }

    private static List<SessionTurn> DrawTurns(SessionWorld world, Draws draws)
    {
        var questions = world.Questions.Least + (int)(draws.Uniform() * (world.Questions.Most - world.Questions.Least + 1));
        var main = (int)(draws.Uniform() * Kinds);
        var (turns, prompt, output) = (new List<SessionTurn>(), world.InstructionTokens, 0.0);
        var recent = new float[Recent][];
        for (var question = 0; question < questions; question++)
        {
            var kind = (SessionKind)(draws.Uniform() < world.MainShare ? main : (main + 1 + (int)(draws.Uniform() * (Kinds - 1))) % Kinds);
            var said = Features(question > 0 && draws.Uniform() < world.FollowUpShare ? FollowUp : (int)kind, draws);
            recent[question < Recent ? question : 1 + ((question - 1) % (Recent - 1))] = said;
            var all = Recently(recent, question);
            var (isResult, isLast, luck) = (false, false, draws.Uniform());
            for (; !isLast; isResult = true)
            {
                isLast = draws.Uniform() >= world.ToolShare;
                var prefix = turns.Count == 0 ? 0 : prompt;
                prompt += output + draws.LogNormal(isResult ? world.ResultTokens : world.QuestionTokens, LengthSpread);
                output = draws.LogNormal(world.AnswerTokens, LengthSpread);
                var gap = isResult ? draws.Exponential(world.ToolSeconds) : world.UserSeconds * Math.Exp(UserSpread * draws.Normal());
                turns.Add(new SessionTurn(
                    kind, isResult, isLast, said, all, Math.Ceiling(prompt), Math.Ceiling(prefix), Math.Ceiling(output), gap, luck, draws.Uniform()));
            }
        }

        return turns;
    }

    // What a router sees that reads the first question, which states the task, and the last ones together.
    private static float[] Recently(float[][] recent, int question)
    {
        var (all, count) = (new float[FeatureCount], Math.Min(question + 1, Recent));
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < FeatureCount; j++)
            {
                all[j] += recent[i][j] / count;
            }
        }

        return all;
    }

    // The kind shows in the question's vector, among noise.
    private static float[] Features(int direction, Draws draws)
    {
        var features = new float[FeatureCount];
        for (var j = 0; j < FeatureCount; j++)
        {
            features[j] = (float)((j == direction ? 1 : 0) + (FeatureNoise * draws.Normal()));
        }

        return features;
    }

    // Random numbers of one session in the order in which they are asked for.
    private sealed class Draws(ulong key)
    {
        private ulong _next;

        public double Uniform() => CounterRandom.Uniform(key, ++_next);

        public double Exponential(double mean) => -mean * Math.Log(1 - Uniform());

        public double LogNormal(double mean, double spread) => mean * Math.Exp((spread * Normal()) - (spread * spread / 2));

        public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());
    }
}
