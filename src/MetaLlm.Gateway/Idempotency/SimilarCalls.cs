using System.Globalization;
using BitFaster.Caching.Lru;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Idempotency;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Idempotency;

/// <summary>
/// Answers a question by what a similar one of the same tenant was answered, where the tenant wants that. It goes by the embedding that routing needs anyway. As with the very same request, such
/// an answer is no decision: nothing is booked or learned, and feedback on it goes to the call that was made.
/// </summary>
/// <remarks>Safe for concurrent use. What is remembered is in this process alone, for as long as the tenant's cache says.</remarks>
internal sealed class SimilarCalls(QueryEmbeddings embeddings, SettingsStore settings, TimeProvider time)
{
    /// <summary>Most tenants whose questions are remembered; those that were asked longest ago are forgotten.</summary>
    private const int MostTenants = 128;

    private readonly ConcurrentLru<string, SimilarQuestions> _tenants = new(Environment.ProcessorCount, MostTenants, StringComparer.Ordinal);

    /// <summary>Answers a request, by a call or from memory.</summary>
    /// <param name="context">The request; its tenant is known.</param>
    /// <param name="asked">What was read of it.</param>
    /// <param name="answer">Makes the call and writes its answer; says whether a model has answered to the end.</param>
    /// <returns>Whether a model has answered to the end, now or before.</returns>
    public async Task<bool> RunAsync(HttpContext context, SurfaceRequest asked, Func<Task<bool>> answer)
    {
        var tenant = context.Tenant();
        if (tenant.ResponseCache is not { Similarity: { } least, Seconds: > 0 } cache || !CachedCalls.IsWanted(context.Request, cache.Seconds, asked.Payload.Body.Span)
            || SimilarKey.Of(context.Request, asked, tenant, embeddings.Model) is not { } key
            || await EmbedAsync(tenant.Id, asked.Chat.Query, context.RequestAborted).ConfigureAwait(false) is not { } vector)
        {
            return await answer().ConfigureAwait(false);
        }

        var questions = _tenants.GetOrAdd(tenant.Id, static _ => new SimilarQuestions());
        var now = time.GetUtcNow();
        if (questions.Find(key, vector, least, now.AddSeconds(-cache.Seconds)) is (var found, var similarity))
        {
            context.Response.Headers[MetaLlmHeaders.Cache] = "hit";
            context.Response.Headers[MetaLlmHeaders.Similarity] = similarity.ToString("0.####", CultureInfo.InvariantCulture);
            await AnswerReplay.WriteAsync(context, found).ConfigureAwait(false);
            return true;
        }

        var (isWhole, kept) = await RecordAsync(context, answer).ConfigureAwait(false);
        if (kept is not null)
        {
            questions.Add(key, vector, kept, now, cache.SimilarQuestions);
        }

        return isWhole;
    }

    /// <summary>The embedding, which routing finds again in a moment; null where there is none now, which routing says in its own words.</summary>
    private async ValueTask<float[]?> EmbedAsync(string tenant, string query, CancellationToken cancellationToken)
    {
        try
        {
            return await embeddings.EmbedAsync(tenant, query, cancellationToken).ConfigureAwait(false) is { Length: > 0 } vector ? vector : null;
        }
        catch (OverloadedException)
        {
            return null;
        }
    }

    private async Task<(bool IsWhole, KeptAnswer? Kept)> RecordAsync(HttpContext context, Func<Task<bool>> answer)
    {
        var response = context.Response;
        var toClient = response.Body;
        var recorder = new AnswerRecorder(toClient, Math.Min(settings.Current.Idempotency.AnswerBytes, SimilarQuestions.MostBytes), CancellationToken.None);
        try
        {
            response.Body = recorder;
            var isWhole = await answer().ConfigureAwait(false);
            await response.BodyWriter.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            return (isWhole, isWhole && response.StatusCode == StatusCodes.Status200OK && recorder.Body is { } body
                ? new KeptAnswer { Fingerprint = default, Owner = "", Status = response.StatusCode, Head = AnswerReplay.Head(response), Body = body.ToArray() }
                : null);
        }
        finally
        {
            response.Body = toClient;
        }
    }
}
