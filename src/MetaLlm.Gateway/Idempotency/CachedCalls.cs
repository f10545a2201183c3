using System.Text.Json;
using MetaLlm.Engine.Idempotency;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Idempotency;

/// <summary>
/// Answers the very same request of a tenant from memory, where the tenant wants that. An answer from memory is no decision: nothing is booked or learned, and feedback on it goes to the call
/// that was made.
/// </summary>
internal sealed class CachedCalls(AnswerKeeper keeper, TimeProvider time, IAnswerStore? store = null)
{
    private const string Embeddings = "/v1/embeddings";
    private const string Responses = "/v1/responses";
    private const string Use = "use";
    private const string Skip = "skip";

    /// <summary>Answers a request, by a call or from memory.</summary>
    /// <param name="context">The request; its tenant is known.</param>
    /// <param name="body">Its body.</param>
    /// <param name="answer">Makes the call and writes its answer; says whether a model has answered to the end.</param>
    /// <returns>Whether a model has answered to the end, now or before.</returns>
    /// <exception cref="ApiException">The request says of the cache what nobody understands.</exception>
    public async Task<bool> RunAsync(HttpContext context, ReadOnlyMemory<byte> body, Func<Task<bool>> answer)
    {
        var seconds = context.Tenant().ResponseCache.Seconds;
        if (store is null || !IsWanted(context.Request, seconds, body.Span))
        {
            return await answer().ConfigureAwait(false);
        }

        var (now, fingerprint) = (time.GetUtcNow(), RequestFingerprint.Of(context.Request, body, context.Tenant().Guardrails.Words));
        var claim = new AnswerClaim
        {
            Tenant = context.Tenant().Id,
            Id = $"cache-{Convert.ToHexStringLower(fingerprint)}",
            Fingerprint = fingerprint,
            Owner = Guid.NewGuid().ToString("N"),
            At = now,
            HeldUntil = now + AnswerKeeper.Hold,
            Expired = now.AddSeconds(-seconds),
        };
        var found = await FindAsync(claim, context.RequestAborted).ConfigureAwait(false);
        if (found is { Status: not null })
        {
            context.Response.Headers[MetaLlmHeaders.Cache] = "hit";
            await AnswerReplay.WriteAsync(context, found).ConfigureAwait(false);
            return true;
        }

        // Another call that runs for the same request keeps its answer; this one goes beside it.
        context.Response.OnStarting(
            static state =>
            {
                ((HttpResponse)state).Headers.TryAdd(MetaLlmHeaders.Cache, "miss");
                return Task.CompletedTask;
            },
            context.Response);
        return found?.Owner == claim.Owner
            ? await KeepAsync(context, claim, answer).ConfigureAwait(false)
            : await answer().ConfigureAwait(false);
    }

    /// <summary>An answer to a similar request is not kept as that of this one: it would live on from there.</summary>
    private async Task<bool> KeepAsync(HttpContext context, AnswerClaim claim, Func<Task<bool>> answer)
    {
        var isAnswered = false;
        async Task<bool> AnswerAsync()
        {
            isAnswered = await answer().ConfigureAwait(false);
            return isAnswered && !context.Response.Headers.ContainsKey(MetaLlmHeaders.Similarity);
        }

        await keeper.CallAsync(context, claim, AnswerAsync, over: null).ConfigureAwait(false);
        return isAnswered;
    }

    /// <summary>What is in memory, or whose call puts it there; null where that cannot be asked at the moment, which keeps nobody from an answer.</summary>
    private async ValueTask<KeptAnswer?> FindAsync(AnswerClaim claim, CancellationToken cancellationToken)
    {
        try
        {
            return await store!.ClaimAsync(claim, cancellationToken).ConfigureAwait(false);
        }
        catch (EngineUnavailableException e)
        {
            keeper.Missed(e);
            return null;
        }
    }

    /// <summary>Whether a request is one for the cache: its tenant has one, and it wants the likeliest answer, or says so.</summary>
    /// <exception cref="ApiException">The request says of the cache what nobody understands.</exception>
    internal static bool IsWanted(HttpRequest request, int seconds, ReadOnlySpan<byte> body)
    {
        if (!request.Headers.TryGetValue(MetaLlmHeaders.Cache, out var wish))
        {
            return seconds > 0 && (request.Path.Equals(Embeddings, StringComparison.OrdinalIgnoreCase) || IsCold(body)) && !IsTurn(request, body);
        }

        return (string?)wish switch
        {
            Use => seconds > 0 && !IsTurn(request, body),
            Skip => false,
            var other => throw ApiException.BadField(MetaLlmHeaders.Cache, $"is '{other}'; it must be {Use} or {Skip}."),
        };
    }

    /// <summary>Whether the request asks for the likeliest answer.</summary>
    private static bool IsCold(ReadOnlySpan<byte> body) =>
        Find(body, "temperature"u8, out var value) && value.TokenType == JsonTokenType.Number && value.TryGetDouble(out var temperature) && temperature == 0;

    /// <summary>Whether the request is a turn of a conversation that is kept here, which goes on with each: the next one with the same words asks something else.</summary>
    private static bool IsTurn(HttpRequest request, ReadOnlySpan<byte> body) =>
        request.Path.Equals(Responses, StringComparison.OrdinalIgnoreCase) && Find(body, "conversation"u8, out var value) && value.TokenType != JsonTokenType.Null;

    /// <summary>Finds a member. What is no JSON is told so by its surface.</summary>
    /// <param name="body">The request.</param>
    /// <param name="name">Its name.</param>
    /// <param name="value">Stands at its value.</param>
    private static bool Find(ReadOnlySpan<byte> body, ReadOnlySpan<byte> name, out Utf8JsonReader value)
    {
        value = new Utf8JsonReader(body);
        try
        {
            value.Read();
            while (value.Read() && value.TokenType == JsonTokenType.PropertyName)
            {
                var isIt = value.ValueTextEquals(name);
                value.Read();
                if (isIt)
                {
                    return true;
                }

                value.Skip();
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return false;
    }
}
