using System.Globalization;
using System.Net;
using System.Text;
using MetaLlm.Engine.Admission;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Endpoints;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces;
using MetaLlm.Gateway.Surfaces.Embeddings;
using MetaLlm.Gateway.Surfaces.Responses;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MetaLlm.Gateway.Batches;

/// <summary>
/// Requests of a tenant that no client sends: they go the way of every other, with the tenant's and the key's limits, guardrails, budgets, idempotency keys and records, and wait while anybody else does.
/// Safe for concurrent use.
/// </summary>
internal sealed class LocalCalls
{
    private const string DecisionPrefix = "/v1/decisions/";
    private const string Assess = "/v1/assess";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly IServiceProvider _services;
    private readonly KeyDirectory _fileKeys;
    private readonly KeyCache _keys;
    private readonly TenantCatalog _catalog;
    private readonly FairConcurrencyLimiter _queue;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, RequestDelegate> _ways;
    private readonly RequestDelegate _decision;

    public LocalCalls(
        IServiceProvider services,
        ErrorFilter errors,
        TenantSetups setups,
        AdmissionFilter admission,
        InferenceEndpoint inference,
        AssessEndpoint assess,
        DecisionEndpoint decisions,
        ResponsesSurface responses,
        KeyDirectory fileKeys,
        KeyCache keys,
        TenantCatalog catalog,
        FairConcurrencyLimiter queue,
        TimeProvider time)
    {
        (_services, _fileKeys, _keys, _catalog, _queue, _time) = (services, fileKeys, keys, catalog, queue, time);
        var ready = new TenantReadyFilter(setups, KeyScope.Chat, needsPolicy: true);
        RequestDelegate Way(RequestDelegate end) => Behind(errors, Behind(ready, Behind(admission, end)));
        RequestDelegate To(ISurface surface) => Way(context => inference.HandleAsync(context, surface));
        _ways = new Dictionary<string, RequestDelegate>(StringComparer.Ordinal)
        {
            [BatchLines.Chat] = To(new ChatSurface()),
            ["/v1/responses"] = To(responses),
            ["/v1/embeddings"] = To(new EmbeddingsSurface()),
            ["/v1/completions"] = To(new CompletionsSurface()),
            [Assess] = Way(ApiEndpoints.ToRequestDelegate(assess.HandleAsync)),
        };
        _decision = Behind(errors, ApiEndpoints.ToRequestDelegate(decisions.HandleAsync));
    }

    /// <summary>Where queries of batches may go.</summary>
    public static IReadOnlyList<string> Endpoints { get; } = [BatchLines.Chat, "/v1/responses", "/v1/embeddings", "/v1/completions"];

    /// <summary>The way of a tenant's requests.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="key">Id of the key that they are made with; null for a caller without a key.</param>
    /// <param name="stop">Ends waits for room. A call that was begun goes on, and is waited for as long as its caller wants; its answer is kept in any case.</param>
    public IBatchTransport Of(string tenant, string? key, CancellationToken stop) => new Transport(this, tenant, key, stop);

    private static RequestDelegate Behind(IApiFilter filter, RequestDelegate next) => context => filter.InvokeAsync(context, next);

    private async Task<BatchReply> SendAsync(string tenant, string? key, string path, byte[]? body, string? idempotencyKey, CancellationToken patience, CancellationToken stop)
    {
        while (true)
        {
            // The lowest class of load: whoever waits for the embedding model goes first.
            while (body is not null && _queue.Waiting > 0)
            {
                await Task.Delay(Pause, _time, stop).ConfigureAwait(false);
            }

            // What a call has cost is asked when it was made already, whatever became of the key meanwhile.
            if (await FindAsync(tenant, key, isCall: body is not null, patience).ConfigureAwait(false) is not var (settings, caller))
            {
                return new BatchReply(HttpStatusCode.Unauthorized, "The key that the batch was made with opens nothing any more.");
            }

            var reply = await AskAsync(settings, caller, path, body, idempotencyKey).WaitAsync(patience).ConfigureAwait(false);
            if (body is null || !reply.IsTurnedAway)
            {
                return reply;
            }

            // No room is no failure: a batch has time.
            await Task.Delay(BatchRetries.Pause(1, reply.RetryAfter), _time, stop).ConfigureAwait(false);
        }
    }

    private async Task<BatchReply> AskAsync(TenantSettings tenant, CallerKey caller, string path, byte[]? body, string? key)
    {
        var (response, output) = (new LocalResponse(), new MemoryStream());
        var features = new FeatureCollection();
        features.Set<IHttpRequestFeature>(new HttpRequestFeature());
        features.Set<IHttpResponseFeature>(response);
        features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(output));
        features.Set(tenant);
        features.Set(caller);
        var context = new DefaultHttpContext(features) { RequestServices = _services };
        var request = context.Request;
        (request.Method, request.Scheme, request.Host, request.Path) = (body is null ? HttpMethods.Get : HttpMethods.Post, "http", new HostString("localhost"), path);
        var way = _decision;
        if (body is null)
        {
            request.RouteValues["id"] = Uri.UnescapeDataString(path[DecisionPrefix.Length..]);
        }
        else
        {
            (way, request.Body, request.ContentType, request.ContentLength) = (_ways[path], new MemoryStream(body, writable: false), "application/json", body.Length);
        }

        if (key is not null)
        {
            request.Headers[MetaLlmHeaders.IdempotencyKey] = key;
        }

        try
        {
            await way(context).ConfigureAwait(false);
            await context.Response.BodyWriter.FlushAsync().ConfigureAwait(false);
        }
        finally
        {
            await response.EndAsync().ConfigureAwait(false);
        }

        return new BatchReply((HttpStatusCode)context.Response.StatusCode, Encoding.UTF8.GetString(output.GetBuffer(), 0, (int)output.Length))
        {
            DecisionId = Header(context, MetaLlmHeaders.DecisionId),
            Model = Header(context, MetaLlmHeaders.Model),
            IsReplayed = Header(context, MetaLlmHeaders.Replayed) == "true",
            IsFree = Header(context, MetaLlmHeaders.Cache) == "hit",
            RetryAfter = int.TryParse(context.Response.Headers.RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds) : null,
        };
    }

    /// <summary>Who calls, as it is now: a key that was revoked, or has lost its scope, opens nothing.</summary>
    private async ValueTask<(TenantSettings Tenant, CallerKey Caller)?> FindAsync(string tenant, string? key, bool isCall, CancellationToken cancellationToken)
    {
        var caller = !isCall ? CallerKey.Anonymous
            : key is null ? _fileKeys.Current.Settings.AnonymousTenant == tenant ? CallerKey.Anonymous : null
            : ulong.TryParse(key, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var id)
                ? await _keys.StillAsync(id, cancellationToken).ConfigureAwait(false) is { Caller: { } found } known && known.Tenant == tenant ? found : null
            : _fileKeys.Current.FindOwn(tenant, key);
        return caller is not null && await _catalog.FindAsync(tenant, cancellationToken).ConfigureAwait(false) is { } settings ? (settings, caller) : null;
    }

    private static string? Header(HttpContext context, string name) => context.Response.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>The way of one tenant's requests.</summary>
    private sealed class Transport(LocalCalls calls, string tenant, string? key, CancellationToken stop) : IBatchTransport
    {
        public string Name => "this address";

        public Task<BatchReply> SendAsync(string path, byte[]? body, string? idempotencyKey, CancellationToken cancellationToken) =>
            calls.SendAsync(tenant, key, path, body, idempotencyKey, cancellationToken, stop);
    }
}
