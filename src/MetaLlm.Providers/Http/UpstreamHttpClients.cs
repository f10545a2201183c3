using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Options;

namespace MetaLlm.Providers.Http;

/// <summary>Connection pools, one per connect limit; addresses are looked up anew every few minutes.</summary>
/// <param name="options">What upstreams are told.</param>
/// <param name="handlers">Makes the handler for a connect limit; null for one that goes to the network.</param>
internal sealed class UpstreamHttpClients(IOptions<ProviderOptions> options, Func<TimeSpan, HttpMessageHandler>? handlers = null) : IDisposable
{
    private readonly ConcurrentDictionary<TimeSpan, Lazy<HttpMessageInvoker>> _invokers = new();
    private readonly Func<TimeSpan, HttpMessageHandler>? _handlers = handlers;

    /// <summary>The pool for a connect limit.</summary>
    public HttpMessageInvoker For(TimeSpan connectTimeout) =>
        _invokers.GetOrAdd(connectTimeout, static (limit, self) => new Lazy<HttpMessageInvoker>(() => new HttpMessageInvoker((self._handlers ?? self.Create)(limit))), this).Value;

    public void Dispose()
    {
        foreach (var invoker in _invokers.Values.Where(i => i.IsValueCreated))
        {
            invoker.Value.Dispose();
        }
    }

    private SocketsHttpHandler Create(TimeSpan connectTimeout) => new()
    {
        ConnectTimeout = connectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,

        // By default the trace, its state and the baggage of the client's request would go on to the provider.
        ActivityHeadersPropagator = options.Value.SendTraceParent
            ? new TraceParentPropagator()
            : DistributedContextPropagator.CreateNoOutputPropagator(),
    };
}
