using System.Collections.Concurrent;
using System.Threading.Channels;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Judging;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Guarantees;

/// <summary>Compares answers under guarantees, off the path of requests. What finds no room is dropped and counted; the tenant's owner gives such a comparison up after an hour.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class AnswerAudits(ITenantEngine engine, GuaranteeCalls calls, GuaranteeMetrics metrics, TimeProvider time, ILogger<AnswerAudits> logger) : BackgroundService
{
    /// <summary>Most answers that wait in this process.</summary>
    public const int MostWaiting = 1024;

    private const long MostBytes = 64 * 1024 * 1024;
    private const int AtOnce = 32;
    private const string SameMeaning = "The answer says the same as the reference: whoever reads either learns the same facts and the same result. Wording, length and style do not count. 1 where it does, 0 where it does not.";

    private readonly Channel<ComparedCall> _waiting = Channel.CreateBounded<ComparedCall>(new BoundedChannelOptions(MostWaiting));
    private readonly ConcurrentDictionary<string, long> _dropped = new(StringComparer.Ordinal);
    private readonly QuietLog _quiet = new(time);
    private long _bytes;

    /// <summary>Answers of a tenant that were to be compared in this process and dropped for want of room.</summary>
    /// <param name="tenant">The tenant.</param>
    public long Dropped(string tenant) => _dropped.GetValueOrDefault(tenant);

    /// <summary>Notes of a call whose answer may be compared; null where its tenant has no guarantee.</summary>
    /// <param name="tenant">The tenant.</param>
    public static ComparedCall? Open(TenantSettings tenant) => tenant.Guarantee.IsOn ? new ComparedCall(tenant) : null;

    /// <summary>Hands in a call whose answer is whole. It returns at once.</summary>
    public void Offer(ComparedCall call)
    {
        if (call.Decision is null)
        {
            return;
        }

        if (Interlocked.Add(ref _bytes, call.Bytes) > MostBytes || !_waiting.Writer.TryWrite(call))
        {
            Interlocked.Add(ref _bytes, -call.Bytes);
            _dropped.AddOrUpdate(call.Tenant.Id, 1, static (_, count) => count + 1);
            metrics.Compared(call.Tenant.Id, GuaranteeMetrics.Dropped);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => CompareAllAsync(stoppingToken))).ConfigureAwait(false);
    }

    private async Task CompareAllAsync(CancellationToken stopping)
    {
        try
        {
            await foreach (var call in _waiting.Reader.ReadAllAsync(stopping).ConfigureAwait(false))
            {
                await TryCompareAsync(call, stopping).ConfigureAwait(false);
                Interlocked.Add(ref _bytes, -call.Bytes);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What waits is given up by the tenant's owner; what models were asked is settled.
        }
    }

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
            var beside = await calls.AskAsync(call, decision.Guarantee!.Beside!, call.Again(), call.MaxOutputTokens, stopping).ConfigureAwait(false);
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
        catch (Exception e) when (e is UpstreamsExhaustedException or ChatProviderException or OperationCanceledException && !stopping.IsCancellationRequested)
        {
            Report(call, e);
            return (null, GuaranteeMetrics.Failed);
        }
    }

    private async Task<bool?> AskAsync(EqualitySettings equality, ComparedCall call, AnswerWords answer, AnswerWords reference, CancellationToken stopping)
    {
        var prompt = JudgePrompt.Score(equality.Rubric ?? SameMeaning, call.Question(), reference.Text, answer.Text, equality.MaxOutputTokens);
        var reply = await calls.AskAsync(call, equality.Model!, prompt, equality.MaxOutputTokens, stopping).ConfigureAwait(false);
        return reply is not null && JudgePrompt.ReadScore(reply.Text) is { } score ? score < equality.Threshold : null;
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
