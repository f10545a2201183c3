using System.Collections.Concurrent;
using System.Text.Json;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Judging;
using MetaLlm.Gateway.Rollout;
using MetaLlm.Gateway.Screening;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Evidence;

/// <summary>
/// Asks other models what one has served, off the path of requests: the tenant's owner says whom, the tenant of the purse pays, the tenant's judges judge, and the owner learns. What finds no room in
/// memory is dropped and counted.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class EvidenceBuyer(
    ITenantEngine engine, RoutingService routing, PendingSettlements settlements, SideTenants sides, AnswerJudges judges, EvidenceMetrics metrics, TimeProvider time, ILogger<EvidenceBuyer> logger)
    : BackgroundService
{
    /// <summary>Most requests that wait in this process.</summary>
    public const int MostWaiting = 256;

    private const int AtOnce = 8;

    // Keeps these draws apart from all others that are made of a decision's id.
    private const string Draw = "evidence:";

    private readonly HeldCalls<EvidenceCall> _waiting = new(MostWaiting);
    private readonly ConcurrentDictionary<string, long> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _known = new(StringComparer.Ordinal);
    private readonly QuietLog _quiet = new(time);

    /// <summary>Requests of a tenant that were taken in this process and dropped for want of room.</summary>
    /// <param name="tenant">The tenant.</param>
    public long Dropped(string tenant) => _waiting.Dropped(tenant);

    /// <summary>Requests of a tenant that were looked at in this process, whether or not others were asked.</summary>
    /// <param name="tenant">The tenant.</param>
    public long Seen(string tenant) => _seen.GetValueOrDefault(tenant);

    /// <summary>Queries of a tenant of which something is known, as this process heard last.</summary>
    /// <param name="tenant">The tenant.</param>
    public int Known(string tenant) => _known.GetValueOrDefault(tenant);

    /// <summary>Watches a call that other models may be asked too; null where its tenant buys nothing.</summary>
    /// <param name="tenant">The tenant.</param>
    public ICallWatcher? Open(TenantSettings tenant) => tenant.Evidence.IsOn ? new EvidenceCall(this, tenant) : null;

    /// <summary>Finds out whether the request of a decision may be kept.</summary>
    public static void Decided(EvidenceCall call, DecisionRecord decision)
    {
        if (call.Served.MayBeJudged && decision is { IsOfPolicy: true, Pinned: false } && TextHash.Of(Draw + decision.DecisionId) <= call.Tenant.Evidence.Share * ulong.MaxValue)
        {
            call.Served.Take(decision.DecisionId, 1);
        }
    }

    /// <summary>Hands in a call whose answer is whole. It returns at once.</summary>
    public void Offer(EvidenceCall call)
    {
        if (call.IsTaken)
        {
            _waiting.TryAdd(call);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _waiting.RunAsync(AtOnce, TryBuyAsync, stoppingToken);

    private async Task TryBuyAsync(EvidenceCall call, CancellationToken stopping)
    {
        try
        {
            await BuyAsync(call, stopping).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever happens to one request, the next ones are looked at.
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Report(call, e);
        }

        _seen.AddOrUpdate(call.Tenant.Id, 1, static (_, count) => count + 1);
    }

    private async Task BuyAsync(EvidenceCall call, CancellationToken stopping)
    {
        var tenant = call.Tenant;
        await settlements.WaitAsync(tenant.Id, call.Served.DecisionId, stopping).ConfigureAwait(false);
        var side = EvidenceTenant.NameOf(tenant.Id);
        await sides.ConfigureAsync(side, tenant.Evidence.ToConfiguration(tenant.Configuration), stopping).ConfigureAwait(false);
        var report = await sides.DescribeAsync(side, stopping).ConfigureAwait(false);
        var question = new EvidenceQuestion
        {
            DecisionId = call.Served.DecisionId,
            PurseUsd = tenant.Evidence.Usd!.Value,
            LeftUsd = EvidencePurse.Left(tenant.Evidence.Usd.Value, report, time.GetUtcNow()),
            ExpectedRequests = tenant.Evidence.Requests,
            Models = tenant.Evidence.Models,
            QuizRows = tenant.Evidence.AutoQuiz,
        };
        var models = await engine.ChooseEvidenceAsync(tenant.Id, question, stopping).ConfigureAwait(false);
        if (models.Count == 0)
        {
            return;
        }

        // What served is judged by the same judges, so that all answers to a query are measured alike, and people who have spoken of it measure the judges.
        var judging = judges.ScoreAsync(call.Served, tenant.Evidence.JudgesOf(tenant.Judges), stopping);
        var asked = (await Task.WhenAll(models.Select(model => TryAskAsync(call, model, stopping))).ConfigureAwait(false)).OfType<AskedAnswer>().ToArray();
        if (asked.Length > 0)
        {
            // What answers take is known before what they are worth.
            await TellAsync(call, [.. asked.Select(one => one.Tell(double.NaN))], stopping).ConfigureAwait(false);
        }

        var judged = await Task.WhenAll(asked.Select(one => JudgeAsync(call, one, stopping))).ConfigureAwait(false);
        List<EvidenceAnswer> answers = [.. judged.OfType<EvidenceAnswer>()];
        if (await judging.ConfigureAwait(false) is { } served)
        {
            answers.Add(new EvidenceAnswer(call.Served.Model, served, default, 0, double.NaN));
        }

        await TellAsync(call, answers, stopping).ConfigureAwait(false);
    }

    private async Task TellAsync(EvidenceCall call, IReadOnlyList<EvidenceAnswer> answers, CancellationToken stopping)
    {
        var tenant = call.Tenant.Id;
        var receipt = await engine.TellEvidenceAsync(tenant, call.Served.DecisionId, answers, stopping).ConfigureAwait(false);
        _known[tenant] = receipt.Queries;
        if (receipt.Learned > 0)
        {
            metrics.Learned(tenant, "rows");
        }

        foreach (var _ in receipt.Quizzed)
        {
            metrics.Learned(tenant, "quiz");
        }
    }

    private async Task<AskedAnswer?> TryAskAsync(EvidenceCall call, string model, CancellationToken stopping)
    {
        var outcome = (string?)"failed";
        try
        {
            var other = call.Other(model);
            var settled = await AskAsync(call, other, stopping).ConfigureAwait(false);
            metrics.Spent(call.Tenant.Id, model, settled?.CostUsd ?? 0);
            if (settled is not { Outcome: CallOutcome.Completed })
            {
                return null;
            }

            outcome = null;
            return new AskedAnswer(other, settled);
        }
        catch (NoFeasibleArmException)
        {
            // The purse has no room for the most that it can cost, or the model is not to be called now.
            outcome = "no_room";
            return null;
        }
        catch (Exception e) when (e is UpstreamsExhaustedException or ChatProviderException or JsonException)
        {
            return null;
        }
        finally
        {
            if (outcome is not null)
            {
                metrics.Answered(call.Tenant.Id, model, outcome);
            }
        }
    }

    private async Task<EvidenceAnswer?> JudgeAsync(EvidenceCall call, AskedAnswer asked, CancellationToken stopping)
    {
        var outcome = "failed";
        try
        {
            var reward = await judges.ScoreAsync(asked.Call, call.Tenant.Evidence.JudgesOf(call.Tenant.Judges), stopping).ConfigureAwait(false);
            outcome = reward is null ? "silent" : "judged";
            return reward is { } given ? asked.Tell(given) : null;
        }
        catch (JsonException)
        {
            // The answer cannot be read, which says nothing of the others.
            return null;
        }
        finally
        {
            metrics.Answered(call.Tenant.Id, asked.Call.Model, outcome);
        }
    }

    private async Task<Settlement?> AskAsync(EvidenceCall call, JudgedCall other, CancellationToken stopping)
    {
        var name = EvidenceTenant.NameOf(call.Tenant.Id);
        var route = call.Route!;
        var request = new DecisionRequest
        {
            Features = route.Features with { Embedding = [] },
            PinnedArm = other.Model,
            RequiredCapabilities = route.RequiredCapabilities,
            InputTokensBound = route.InputTokensBound,
            MaxOutputTokens = route.MaxOutputTokens,
        };
        var running = await routing.ChatAsync(name, call.Query, request, SideCalls.InOnePiece(other.Payload) with { RequestId = other.DecisionId }, decided: null, stopping).ConfigureAwait(false);
        await using (running.ConfigureAwait(false))
        {
            await foreach (var part in running.ReadAsync(stopping).ConfigureAwait(false))
            {
                other.Add(part.Span);
            }
        }

        await settlements.WaitAsync(name, running.Decision.DecisionId, stopping).ConfigureAwait(false);
        return (await engine.FindDecisionAsync(name, running.Decision.DecisionId, stopping).ConfigureAwait(false))?.Settlement;
    }

    /// <summary>An answer that is whole and paid, and not judged yet.</summary>
    private sealed record AskedAnswer(JudgedCall Call, Settlement Settled)
    {
        public EvidenceAnswer Tell(double reward) => new(Call.Model, reward, Settled.Usage, Settled.CostUsd ?? 0, Settled.LatencySeconds ?? double.NaN);
    }

    private void Report(EvidenceCall call, Exception e)
    {
        if (_quiet.MaySay((call.Tenant.Id, e.GetType()), out var unsaid))
        {
            // The words of the exception may be those of a client.
            LogFailed(logger, call.Tenant.Id, e.GetType().Name, unsaid);
        }
    }

    [LoggerMessage(5532, LogLevel.Warning, "Other models of tenant {Tenant} could not be asked: {Error} ({Unsaid} more since the last such line).")]
    private static partial void LogFailed(ILogger logger, string tenant, string error, int unsaid);
}
