using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Judging;
using MetaLlm.Gateway.Rollout;
using MetaLlm.Gateway.Screening;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Guarantees;

/// <summary>Compares answers under guarantees, off the path of requests. What finds no room is dropped and counted; the tenant's owner gives such a comparison up after an hour.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class AnswerAudits(ITenantEngine engine, GuaranteeCalls calls, GuaranteeMetrics metrics, TimeProvider time, ILogger<AnswerAudits> logger) : BackgroundService
{
    /// <summary>Most answers that wait in this process.</summary>
    public const int MostWaiting = 1024;

    private const int AtOnce = 32;
    private const string SameMeaning = "The answer says the same as the reference: whoever reads either learns the same facts and the same result. Wording, length and style do not count. 1 where it does, 0 where it does not.";

    private readonly HeldCalls<ComparedCall> _waiting = new(MostWaiting);
    private readonly QuietLog _quiet = new(time);

    /// <summary>Answers of a tenant that were to be compared in this process and dropped for want of room.</summary>
    /// <param name="tenant">The tenant.</param>
    public long Dropped(string tenant) => _waiting.Dropped(tenant);

    /// <summary>Watches a call whose answer may be compared; null where its tenant has no guarantee.</summary>
    /// <param name="tenant">The tenant.</param>
    public ICallWatcher? Open(TenantSettings tenant) => tenant.Guarantee.IsOn ? new ComparedCall(this, tenant) : null;

    /// <summary>Hands in a call whose answer is whole. It returns at once.</summary>
    public void Offer(ComparedCall call)
    {
        if (call.Decision is not null && !_waiting.TryAdd(call))
        {
            metrics.Compared(call.Tenant.Id, GuaranteeMetrics.Dropped);
        }
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => _waiting.RunAsync(AtOnce, TryCompareAsync, stoppingToken);

    private async Task TryCompareAsync(ComparedCall call, CancellationToken stopping)
    {
        try
        {
            var (differs, outcome) = await DifferAsync(call, stopping).ConfigureAwait(false);
            metrics.Compared(call.Tenant.Id, outcome);
            await engine.CompareAsync(call.Tenant.Id, call.Decision!.Ordinal, differs, stopping).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever happens to one comparison, the next ones are made.
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Report(call, e);
        }
    }

    private async Task<(bool? Differs, string Outcome)> DifferAsync(ComparedCall call, CancellationToken stopping)
    {
        var decision = call.Decision!;
        if (call.Model != decision.ChosenArm)
        {
            // The model that was to be compared has failed, and the reference has taken over.
            return (null, GuaranteeMetrics.Failed);
        }

        try
        {
            var beside = await calls.AskAsync(call, decision.Guarantee!.Beside!, SideCalls.InOnePiece(call.Payload), call.MaxOutputTokens, stopping).ConfigureAwait(false);
            if (call.IsTooLong || beside is null || call.Read() is not { } served)
            {
                return call.IsTooLong ? (true, GuaranteeMetrics.Differs) : (null, GuaranteeMetrics.Failed);
            }

            var equality = call.Tenant.Guarantee.Equality;
            var (answer, reference) = decision.ChosenArm == call.Tenant.Guarantee.Reference ? (beside, served) : (served, beside);
            var differs = AnswerEquality.Differ(equality, answer, reference) ?? await AskAsync(equality, call, answer, reference, stopping).ConfigureAwait(false);
            return (differs, differs switch { true => GuaranteeMetrics.Differs, false => GuaranteeMetrics.Same, null => GuaranteeMetrics.Failed });
        }
        catch (NoFeasibleArmException)
        {
            return (null, GuaranteeMetrics.NoRoom);
        }
#pragma warning disable CA1031 // Whatever happens to one comparison, its owner hears that it has no verdict, and does not wait for one.
        catch (Exception e) when (e is not OperationCanceledException || !stopping.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Report(call, e);
            return (null, GuaranteeMetrics.Failed);
        }
    }

    private async Task<bool?> AskAsync(EqualitySettings equality, ComparedCall call, AnswerWords answer, AnswerWords reference, CancellationToken stopping)
    {
        var prompt = JudgePrompt.Score(equality.Rubric ?? SameMeaning, call.Question(), reference.Text, answer.Text, equality.VerdictTokens);
        var reply = await calls.AskAsync(call, equality.Model!, prompt, equality.VerdictTokens, stopping).ConfigureAwait(false);
        return reply is not null && JudgePrompt.ReadScore(reply.Text) is { } score ? score < equality.ScoreOfSame : null;
    }

    private void Report(ComparedCall call, Exception e)
    {
        if (_quiet.MaySay((call.Tenant.Id, e.GetType()), out var unsaid))
        {
            // The words of the exception may be those of a client.
            LogFailed(logger, call.Tenant.Id, e.GetType().Name, unsaid);
        }
    }

    [LoggerMessage(5531, LogLevel.Warning, "An answer of tenant {Tenant} was not compared under its guarantee: {Error} ({Unsaid} more since the last such line).")]
    private static partial void LogFailed(ILogger logger, string tenant, string error, int unsaid);
}
