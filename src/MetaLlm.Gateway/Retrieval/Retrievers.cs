using System.Collections.Concurrent;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Gateway.Retrieval;

/// <summary>The retrievers of the configuration: webhooks, and those that the application has registered.</summary>
/// <param name="services">Where the application's are.</param>
/// <param name="settings">The settings in force.</param>
internal sealed class Retrievers(IServiceProvider services, SettingsStore settings) : IRetrievers, IDisposable
{
    private readonly ConcurrentDictionary<string, WebhookRetriever> _webhooks = new(StringComparer.Ordinal);
    private readonly Lazy<HttpMessageInvoker> _http = new(() => new HttpMessageInvoker(new SocketsHttpHandler
    {
        PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false, UseCookies = false,
    }));

    /// <inheritdoc/>
    public IRetriever? Find(string name)
    {
        if (!settings.Current.Retrievers.TryGetValue(name, out var retriever))
        {
            return null;
        }

        if (retriever.Address is null)
        {
            return services.GetKeyedService<IRetriever>(name);
        }

        // A reload may have changed address or key.
        return _webhooks.TryGetValue(name, out var webhook) && ReferenceEquals(webhook.Settings, retriever)
            ? webhook
            : _webhooks[name] = new WebhookRetriever(retriever, _http.Value);
    }

    public void Dispose()
    {
        if (_http.IsValueCreated)
        {
            _http.Value.Dispose();
        }
    }
}
