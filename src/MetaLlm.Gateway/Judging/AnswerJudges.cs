using System.Collections.Concurrent;
using MetaLlm.Core.Judging;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.Gateway.Rollout;
using MetaLlm.Gateway.Screening;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Judging;

/// <summary>Has a share of the answers judged, off the path of requests. What finds no room, because more comes than can be judged, is dropped and counted.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class AnswerJudges(
    ITenantEngine engine, PendingSettlements settlements, JudgeCalls calls, JudgeReports reports, WebhookJudge webhook, SettingsStore settings, JudgeMetrics metrics, TimeProvider time, ILogger<AnswerJudges> logger)
    : BackgroundService
{
    /// <summary>Most answers that wait in this process.</summary>
    public const int MostWaiting = 1024;

    private const int AtOnce = 32;

    private readonly HeldCalls<JudgedCall> _waiting = new(MostWaiting);
    private readonly ConcurrentDictionary<string, VerdictSampler> _samplers = new(StringComparer.Ordinal);
    private readonly QuietLog _quiet = new(time);

    /// <summary>Answers of a tenant that were taken in this process and dropped for want of room.</summary>
    /// <param name="tenant">The tenant.</param>
    public long Dropped(string tenant) => _waiting.Dropped(tenant);

    /// <summary>Watches a call whose answer may be judged; null where its tenant has no judges.</summary>
    /// <param name="tenant">The tenant.</param>
    public ICallWatcher? Open(TenantSettings tenant) => tenant.Judges.IsOn ? new JudgedCallWatcher(this, new JudgedCall(tenant)) : null;

    /// <summary>Finds out whether the answer of a decision is judged.</summary>
    public void Decided(JudgedCall call, DecisionRecord decision)
    {
        if (!call.MayBeJudged || !decision.IsOfPolicy)
        {
            return;
        }

        var sampler = _samplers.GetOrAdd(call.Tenant.Id, static _ => new VerdictSampler());
        double inclusion;
        lock (sampler)
        {
            inclusion = sampler.Inclusion(decision, call.Tenant.Judges.Share);
        }

        if (VerdictSampler.Takes(decision.DecisionId, inclusion))
        {
            call.Take(decision.DecisionId, inclusion);
        }
    }

    /// <summary>Hands in a call whose answer is whole. It returns at once.</summary>
    public void Offer(JudgedCall call)
    {
        if (call.IsTaken && !_waiting.TryAdd(call))
        {
            metrics.Answered(call.Tenant.Id, "dropped");
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _waiting.RunAsync(
        AtOnce, async (call, stopping) => metrics.Answered(call.Tenant.Id, await TryJudgeAsync(call, stopping).ConfigureAwait(false)), stoppingToken);

    private async Task<string> TryJudgeAsync(JudgedCall call, CancellationToken stopping)
    {
        try
        {
            return await JudgeAsync(call, stopping).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever happens to one verdict, the next ones are given.
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Report(call, "all", e);
            return "failed";
        }
    }

    private async Task<string> JudgeAsync(JudgedCall call, CancellationToken stopping)
    {
        // What a call cost comes before what it was worth, so that the reward is learned at its price.
        await settlements.WaitAsync(call.Tenant.Id, call.DecisionId, stopping).ConfigureAwait(false);
        if (await engine.FindDecisionAsync(call.Tenant.Id, call.DecisionId, stopping).ConfigureAwait(false) is not { FeedbackCount: 0, Verdicts: null })
        {
            return "spoken";
        }

        if (call.Read() is not var (request, answer))
        {
            return "silent";
        }

        var given = await AskAllAsync(call.Tenant.Judges.List, call, request, answer, stopping).ConfigureAwait(false);
        if (given.Count == 0)
        {
            return "silent";
        }

        var (reward, weight) = JudgeStanding.Combine(call.Model, given);
        var submission = new FeedbackSubmission { DecisionId = call.DecisionId, Reward = reward, Weight = weight, Verdicts = [.. given.Select(one => one.Verdict)] };
        var receipts = await engine.SubmitFeedbackAsync(call.Tenant.Id, [submission], stopping).ConfigureAwait(false);
        return receipts[0].Status == FeedbackStatus.Accepted ? "judged" : "spoken";
    }

    /// <summary>What those of the judges say that are worth asking.</summary>
    private async Task<List<(JudgeVerdict Verdict, JudgeStanding Standing)>> AskAllAsync(
        IReadOnlyList<JudgeSettings> asked, JudgedCall call, IReadOnlyList<GuardedText> request, string answer, CancellationToken stopping)
    {
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

        return given;
    }

    private async Task<Opinion?> TryAskAsync(JudgeSettings judge, JudgedCall call, IReadOnlyList<GuardedText> request, string answer, CancellationToken stopping)
    {
        try
        {
            var (opinion, word) = await AskAsync(judge, call, request, answer, stopping).ConfigureAwait(false);
            metrics.Asked(call.Tenant.Id, judge.Id, word);
            return opinion;
        }
        catch (NoFeasibleArmException)
        {
            metrics.Asked(call.Tenant.Id, judge.Id, JudgeWord.NoRoom);
            return null;
        }
#pragma warning disable CA1031 // Whatever happens to one judge, the others speak.
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            metrics.Asked(call.Tenant.Id, judge.Id, JudgeWord.Failed);
            Report(call, judge.Id, e);
            return null;
        }
    }

    private async Task<(Opinion? Opinion, string Word)> AskAsync(JudgeSettings judge, JudgedCall call, IReadOnlyList<GuardedText> request, string answer, CancellationToken stopping)
    {
        switch (judge.Kind)
        {
            case JudgeKind.Exact:
                return Of(MatchJudge.Exact(judge, call.Expected, answer), JudgeWord.NoReference);
            case JudgeKind.Regex:
                return Of(MatchJudge.Regex(judge, call.Expected, answer), JudgeWord.NoReference);
            case JudgeKind.JsonSchema:
                return Of(new Opinion(judge.Checker!.Admits(answer) ? 1 : 0), JudgeWord.Unparsed);
            case JudgeKind.Webhook:
                return settings.Current.Guardrails.TryGetValue(judge.Webhook!, out var address)
                    ? Of(await webhook.AskAsync(address, call, request, answer, stopping).ConfigureAwait(false), JudgeWord.Unparsed)
                    : (null, JudgeWord.Failed);
            default:
                return judge.Against is null ? Of(await ScoreAsync(judge, call, request, answer, stopping).ConfigureAwait(false), JudgeWord.Unparsed)
                    : JudgeCalls.Takes(call, judge.Against) ? Of(await CompareAsync(judge, call, request, answer, stopping).ConfigureAwait(false), JudgeWord.Unparsed)
                    : (null, JudgeWord.NoReference);
        }
    }

    private async Task<Opinion?> ScoreAsync(JudgeSettings judge, JudgedCall call, IReadOnlyList<GuardedText> request, string answer, CancellationToken stopping)
    {
        var prompt = JudgePrompt.Score(judge.Rubric, request, call.Expected, answer, judge.VerdictTokens);
        return await calls.AskAsync(call, judge.Model!, prompt, judge.VerdictTokens, stopping).ConfigureAwait(false) is { } reply && JudgePrompt.ReadScore(reply) is { } score
            ? new Opinion(score)
            : null;
    }

    /// <summary>Compares in both orders: a judge that prefers a place says so by contradicting itself.</summary>
    private async Task<Opinion?> CompareAsync(JudgeSettings judge, JudgedCall call, IReadOnlyList<GuardedText> request, string answer, CancellationToken stopping)
    {
        // An answer of the same model is no worse than itself.
        if (call.Model == judge.Against)
        {
            return new Opinion(0.5);
        }

        if (await calls.AskAsync(call, judge.Against!, SideCalls.InOnePiece(call.Payload), null, stopping).ConfigureAwait(false) is not { } other)
        {
            return null;
        }

        if (await BetterAsync(judge, call, JudgePrompt.Compare(judge.Rubric, request, call.Expected, answer, other, judge.VerdictTokens), stopping).ConfigureAwait(false) is not { } first)
        {
            return null;
        }

        return await BetterAsync(judge, call, JudgePrompt.Compare(judge.Rubric, request, call.Expected, other, answer, judge.VerdictTokens), stopping).ConfigureAwait(false) is { } second
            ? new Opinion((first + 1 - second) / 2, first == 1 && second == 1 ? 1 : first == 0 && second == 0 ? -1 : 0)
            : null;
    }

    private async Task<double?> BetterAsync(JudgeSettings judge, JudgedCall call, ChatPayload prompt, CancellationToken stopping) =>
        await calls.AskAsync(call, judge.Model!, prompt, judge.VerdictTokens, stopping).ConfigureAwait(false) is { } reply ? JudgePrompt.ReadBetter(reply) : null;

    private static (Opinion? Opinion, string Word) Of(Opinion? opinion, string otherwise) => (opinion, opinion is null ? otherwise : JudgeWord.Given);

    private void Report(JudgedCall call, string judge, Exception e)
    {
        if (_quiet.MaySay((call.Tenant.Id, judge, e.GetType()), out var unsaid))
        {
            // The words of the exception may be those of a client.
            LogFailed(logger, judge, call.Tenant.Id, e.GetType().Name, unsaid);
        }
    }

    [LoggerMessage(5511, LogLevel.Warning, "Judge {Judge} of tenant {Tenant} gave no verdict: {Error} ({Unsaid} more since the last such line).")]
    private static partial void LogFailed(ILogger logger, string judge, string tenant, string error, int unsaid);
}
