using MetaLlm.Core.Numerics;

namespace MetaLlm.Lab.Sessions;

/// <summary>A session, drawn beforehand: every strategy sees the same ones, with the same luck.</summary>
/// <param name="Index">Its number.</param>
/// <param name="StartSeconds">When it begins.</param>
/// <param name="Turns">Its turns.</param>
internal sealed record SessionScript(int Index, double StartSeconds, IReadOnlyList<SessionTurn> Turns)
{
    private const double LengthSpread = 0.8;
    private const double UserSpread = 1.2;

    /// <summary>Draws sessions.</summary>
    /// <param name="world">The world.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="cancellationToken">Cancels between questions.</param>
    public static async Task<IReadOnlyList<SessionScript>> DrawAsync(SessionWorld world, int count, int seed, CancellationToken cancellationToken)
    {
        var sessions = new SessionScript[count];
        var start = 0.0;
        for (var i = 0; i < count; i++)
        {
            var draws = new SessionDraws(CounterRandom.Bits((ulong)seed, (ulong)i + 1));
            start += draws.Exponential(world.SecondsBetween);
            sessions[i] = new SessionScript(i, start, await DrawTurnsAsync(world, draws, cancellationToken));
        }

        return sessions;
    }

    private static async Task<List<SessionTurn>> DrawTurnsAsync(SessionWorld world, SessionDraws draws, CancellationToken cancellationToken)
    {
        var questions = world.Questions.Least + draws.Below(world.Questions.Most - world.Questions.Least + 1);
        var ask = world.Source.Begin(draws);
        var (turns, prompt, output) = (new List<SessionTurn>(), world.InstructionTokens, 0.0);
        for (var question = 0; question < questions; question++)
        {
            var asked = await ask(cancellationToken);
            var (isResult, isLast, luck) = (false, false, draws.Uniform());
            for (; !isLast; isResult = true)
            {
                isLast = draws.Uniform() >= world.ToolShare;
                var prefix = turns.Count == 0 ? 0 : prompt;
                prompt += output + draws.LogNormal(isResult ? world.ResultTokens : world.QuestionTokens, LengthSpread);
                output = draws.LogNormal(world.AnswerTokens, LengthSpread);
                var gap = isResult ? draws.Exponential(world.ToolSeconds) : world.UserSeconds * Math.Exp(UserSpread * draws.Normal());
                turns.Add(new SessionTurn(asked, isResult, isLast, Math.Ceiling(prompt), Math.Ceiling(prefix), Math.Ceiling(output), gap, luck, draws.Uniform()));
            }
        }

        return turns;
    }
}
