using MetaLlm.Engine.Idempotency;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Idempotency;

/// <summary>Keeps the answers of calls that have claimed a request.</summary>
internal sealed partial class AnswerKeeper(SettingsStore settings, TimeProvider time, ILogger<AnswerKeeper> logger, IAnswerStore? store = null)
{
    /// <summary>How long a claim holds that is not renewed.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);

    private const int SweptAtOnce = 500;
    private const int TrimmedEach = 32;
    private const int LongestCacheHours = ResponseCacheSettings.LongestSeconds / 3600;
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);
    private int _kept;

    /// <summary>Makes a call that has claimed a request, and keeps its answer.</summary>
    /// <param name="context">The request.</param>
    /// <param name="claim">The claim.</param>
    /// <param name="answer">Makes the call and writes its answer; says whether a model has answered to the end.</param>
    /// <param name="over">Ends the call in place of its client's leaving; null where the client is all that wants the answer.</param>
    /// <returns>Whether a model has answered to the end.</returns>
    public async Task<bool> CallAsync(HttpContext context, AnswerClaim claim, Func<Task<bool>> answer, CancellationToken? over)
    {
        var (response, client) = (context.Response, context.RequestAborted);
        var toClient = response.Body;
        var recorder = new AnswerRecorder(toClient, settings.Current.Idempotency.AnswerBytes, client);
        using var ended = new CancellationTokenSource();
        var holding = HoldAsync(claim, ended.Token);
        KeptAnswer? kept = null;
        try
        {
            (response.Body, context.RequestAborted) = (recorder, over ?? client);
            var isLasting = await answer().ConfigureAwait(false);
            await response.BodyWriter.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            kept = isLasting && response.StatusCode == StatusCodes.Status200OK && recorder.Body is { } whole
                ? new KeptAnswer { Fingerprint = claim.Fingerprint, Owner = claim.Owner, Status = response.StatusCode, Head = AnswerReplay.Head(response), Body = whole }
                : null;
            return isLasting;
        }
        catch (Exception e) when (over is not null && client.IsCancellationRequested && ErrorMapping.From(e) is not null)
        {
            // Nobody is left to be told.
            throw new OperationCanceledException(e.Message, e, client);
        }
        finally
        {
            (response.Body, context.RequestAborted) = (toClient, client);
            await ended.CancelAsync().ConfigureAwait(false);
            await holding.ConfigureAwait(false);
            await EndAsync(claim, kept).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes what is kept no more.</summary>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - TimeSpan.FromHours(Math.Max(LongestCacheHours, settings.Current.Idempotency.Hours));
        for (var dropped = SweptAtOnce; dropped == SweptAtOnce && store is not null;)
        {
            dropped = await store.DropAsync(before, SweptAtOnce, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Says that the store could not be asked.</summary>
    public void Missed(EngineUnavailableException error) => LogNotKept(logger, error.Message);

    private async Task HoldAsync(AnswerClaim claim, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            await Task.Delay(Renewal, time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!ended.IsCancellationRequested)
            {
                await WriteAsync(() => store!.RenewAsync(claim.Tenant, claim.Id, claim.Owner, time.GetUtcNow() + Hold, CancellationToken.None)).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Keeps the answer, or lets another call have the request.</summary>
    private async ValueTask EndAsync(AnswerClaim claim, KeptAnswer? kept)
    {
        if (kept is null)
        {
            await WriteAsync(() => store!.ReleaseAsync(claim.Tenant, claim.Id, claim.Owner, CancellationToken.None)).ConfigureAwait(false);
            return;
        }

        await WriteAsync(() => store!.KeepAsync(claim.Tenant, claim.Id, kept, CancellationToken.None)).ConfigureAwait(false);
        if (Interlocked.Increment(ref _kept) % TrimmedEach == 0)
        {
            var limits = settings.Current.Idempotency;
            await WriteAsync(async () => await store!.TrimAsync(claim.Tenant, limits.TenantAnswers, limits.TenantBytes, CancellationToken.None).ConfigureAwait(false) > 0).ConfigureAwait(false);
        }
    }

    /// <summary>The client has its answer whatever becomes of this. A claim that is not renewed ends by itself.</summary>
    private async ValueTask WriteAsync(Func<ValueTask<bool>> write)
    {
        try
        {
            await write().ConfigureAwait(false);
        }
        catch (EngineUnavailableException e)
        {
            LogNotKept(logger, e.Message);
        }
    }

    [LoggerMessage(5411, LogLevel.Warning, "Answers to the same request could not be kept or asked for; the next one is a new call. {Reason}")]
    private static partial void LogNotKept(ILogger logger, string reason);
}
