using MetaLlm.Engine.Idempotency;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Idempotency;

/// <summary>
/// Lets one call answer all requests of a tenant that have the same key. A call with a key goes on when its client leaves: whoever sends the request again gets the answer that was paid.
/// </summary>
internal sealed class IdempotentCalls(SettingsStore settings, AnswerKeeper keeper, TimeProvider time, IAnswerStore? store = null)
{
    private const int LongestKey = 255;
    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(1);

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
            context.Response.Headers[MetaLlmHeaders.Replayed] = "true";
            await AnswerReplay.WriteAsync(context, kept).ConfigureAwait(false);
            return;
        }

        await keeper.CallAsync(context, claim, answer, over).ConfigureAwait(false);
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
            var found = await store!.ClaimAsync(claim with { At = now, HeldUntil = now + AnswerKeeper.Hold, Expired = now - age }, cancellationToken).ConfigureAwait(false);
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
}
