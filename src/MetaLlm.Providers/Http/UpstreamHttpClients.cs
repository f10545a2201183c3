using System.Collections.Concurrent;
using System.Net;

namespace MetaLlm.Providers.Http;

/// <summary>Connection pools, one per connect limit; addresses are looked up anew every few minutes.</summary>
internal sealed class UpstreamHttpClients : IDisposable
{
    private readonly ConcurrentDictionary<TimeSpan, Lazy<HttpMessageInvoker>> _invokers = new();

    /// <summary>The pool for a connect limit.</summary>
    public HttpMessageInvoker For(TimeSpan connectTimeout) =>
        _invokers.GetOrAdd(connectTimeout, static limit => new Lazy<HttpMessageInvoker>(() => Create(limit))).Value;

    public void Dispose()
    {
        foreach (var invoker in _invokers.Values.Where(i => i.IsValueCreated))
        {
            invoker.Value.Dispose();
        }
    }

    private static HttpMessageInvoker Create(TimeSpan connectTimeout) => new(new SocketsHttpHandler
    {
        ConnectTimeout = connectTimeout,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        EnableMultipleHttp2Connections = true,
    });
}
