using MetaLlm.Engine.Idempotency;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Idempotency;

/// <summary>
/// Lets one call answer all requests of a tenant that have the same key. A call with a key goes on when its client leaves: whoever sends the request again gets the answer that was paid.
/// </summary>
internal sealed partial class IdempotentCalls(SettingsStore settings, TimeProvider time, ILogger<IdempotentCalls> logger, IAnswerStore? store = null)
{
    private const int LongestKey = 255;
    private const int SweptAtOnce = 500;
    private const int TrimmedEach = 32;
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);
    private int _kept;

    /// <summary>Answers a request, by a call or from memory.</summary>
    /// <param name="context">The request; its tenant is known.</param>
    /// <param name="body">Its body.</param>
    /// <param name="answer">Makes the call and writes its answer; says whether a model has answered to the end.</param>
    /// <param name="over">Ends every call.</param>
    /// <exception cref="ApiException">The key is illegal, belongs to another request, or to one that still runs.</exception>
    public async Task RunAsync(HttpContext context, ReadOnlyMemory<byte> body, Func<Task<bool>> answer, CancellationToken over)
    {
        var hours = settings.Current.Idempotency.Hours;
        if (!context.Request.Headers.TryGetValue(MetaLlmHeaders.IdempotencyKey, out var header) || hours == 0 || store is null)
        {
            await answer().ConfigureAwait(false);
            return;
        }

        var claim = new AnswerClaim
        {
            Tenant = context.Tenant().Id,
            Id = RequestFingerprint.OfKey(Checked(header.ToString())),
            Fingerprint = RequestFingerprint.Of(context.Request, body),
            Owner = Guid.NewGuid().ToString("N"),
            At = default,
            HeldUntil = default,
            Expired = default,
        };
        if (await ClaimAsync(claim, TimeSpan.FromHours(hours), context.RequestAborted).ConfigureAwait(false) is { } kept)
        {
            await AnswerReplay.WriteAsync(context, kept).ConfigureAwait(false);
            return;
        }

        await CallAsync(context, claim, answer, over).ConfigureAwait(false);
    }

    /// <summary>Deletes what is kept no more.</summary>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - TimeSpan.FromHours(Math.Max(1, settings.Current.Idempotency.Hours));
        for (var dropped = SweptAtOnce; dropped == SweptAtOnce && store is not null;)
        {
            dropped = await store.DropAsync(before, SweptAtOnce, cancellationToken).ConfigureAwait(false);
        }
    }

    private static string Checked(string key) => key.Length is >= 1 and <= LongestKey && key.All(c => c is >= ' ' and <= '~')
        ? key
        : throw ApiException.BadField(MetaLlmHeaders.IdempotencyKey, $"has {key.Length} characters; 1 to {LongestKey} are legal, all of ASCII.");

    /// <summary>Waits until the request is this call's, or has an answer.</summary>
    /// <returns>The answer; null when the call is to be made.</returns>
    private async Task<KeptAnswer?> ClaimAsync(AnswerClaim claim, TimeSpan age, CancellationToken cancellationToken)
    {
        var (started, look) = (time.GetTimestamp(), FirstLook);
        while (true)
        {
            var now = time.GetUtcNow();
            var found = await store!.ClaimAsync(claim with { At = now, HeldUntil = now + Hold, Expired = now - age }, cancellationToken).ConfigureAwait(false);
            if (found is not null && !found.Fingerprint.Span.SequenceEqual(claim.Fingerprint.Span))
            {
                throw new ApiException(
                    ErrorCode.IdempotencyKeyReused, $"The key in '{MetaLlmHeaders.IdempotencyKey}' came with another request before; a request that differs needs a key of its own.", MetaLlmHeaders.IdempotencyKey);
            }

            if (found is { Status: not null } || found?.Owner == claim.Owner)
            {
                return found.Status is null ? null : found;
            }

            if (time.GetElapsedTime(started).TotalSeconds >= settings.Current.Idempotency.WaitSeconds)
            {
                throw new ApiException(new ApiError(ErrorCode.IdempotencyInProgress, "The first request with this key is still being answered; ask again.", MetaLlmHeaders.IdempotencyKey) { RetryAfterSeconds = 1 });
            }

            await Task.Delay(look, time, cancellationToken).ConfigureAwait(false);
            look = look * 2 < LongestLook ? look * 2 : LongestLook;
        }
    }

    private async Task CallAsync(HttpContext context, AnswerClaim claim, Func<Task<bool>> answer, CancellationToken over)
    {
        var (response, client) = (context.Response, context.RequestAborted);
        var toClient = response.Body;
        var recorder = new AnswerRecorder(toClient, settings.Current.Idempotency.AnswerBytes, client);
        using var ended = new CancellationTokenSource();
        var holding = HoldAsync(claim, ended.Token);
        KeptAnswer? kept = null;
        try
        {
            (response.Body, context.RequestAborted) = (recorder, over);
            var isLasting = await answer().ConfigureAwait(false);
            await response.BodyWriter.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            kept = isLasting && response.StatusCode == StatusCodes.Status200OK && recorder.Body is { } whole
                ? new KeptAnswer { Fingerprint = claim.Fingerprint, Owner = claim.Owner, Status = response.StatusCode, Head = AnswerReplay.Head(response), Body = whole }
                : null;
        }
        catch (Exception e) when (client.IsCancellationRequested && ErrorMapping.From(e) is not null)
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

    [LoggerMessage(5411, LogLevel.Warning, "An answer could not be kept for requests with its idempotency key; the next one is a new call. {Reason}")]
    private static partial void LogNotKept(ILogger logger, string reason);
}
