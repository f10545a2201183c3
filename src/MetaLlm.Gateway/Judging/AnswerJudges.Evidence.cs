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

        var known = await reports.OfAsync(call.Tenant.Id, stopping).ConfigureAwait(false);
        var given = new List<(JudgeVerdict Verdict, JudgeStanding Standing)>();
        foreach (var judge in asked)
        {
            var standing = JudgeStanding.Of(known.GetValueOrDefault(judge.Name), judge.Terms);
            if (standing.IsAsked && await TryAskAsync(judge, call, request, answer, stopping).ConfigureAwait(false) is { } opinion)
            {
                given.Add((new JudgeVerdict(judge.Id, judge.Version, opinion.Score, call.Inclusion, opinion.Position), standing));
            }
        }

        return given.Count > 0 && JudgeStanding.Combine(call.Model, given) is { Weight: > 0 } combined ? combined.Reward : null;
    }
}
