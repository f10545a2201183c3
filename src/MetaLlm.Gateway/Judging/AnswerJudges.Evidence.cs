using MetaLlm.Core.Judging;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Judging;

/// <content>Verdicts on answers that nobody gets.</content>
internal sealed partial class AnswerJudges
{
    /// <summary>What judges say of an answer, corrected as far as people have measured them. Nothing of it is recorded as a verdict.</summary>
    /// <param name="call">The request and the answer.</param>
    /// <param name="asked">The judges.</param>
    /// <param name="stopping">Ends the calls.</param>
    /// <returns>0 to 1; null where no judge that counts says anything.</returns>
    public async Task<double?> ScoreAsync(JudgedCall call, IReadOnlyList<JudgeSettings> asked, CancellationToken stopping)
    {
        if (call.Read() is not var (request, answer))
        {
            return null;
        }

        var given = await AskAllAsync(asked, call, request, answer, stopping).ConfigureAwait(false);
        return given.Count > 0 && JudgeStanding.Combine(call.Model, given) is { Weight: > 0 } combined ? combined.Reward : null;
    }
}
