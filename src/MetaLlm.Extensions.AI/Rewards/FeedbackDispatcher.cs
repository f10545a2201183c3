using System.Collections.Concurrent;
using MetaLlm.Engine.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MetaLlm.Extensions.AI.Rewards;

/// <summary>The queues of feedback, one for each tenant. They end before the silo or the cluster client does, since hosted services stop in the reverse of their order.</summary>
internal sealed class FeedbackDispatcher(
    FeedbackRecorder recorder, IEnumerable<FeedbackTenant> tenants, IOptions<FeedbackClientOptions> options, RoutingOptions routing, TimeProvider time, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private const string Kind = "feedback";

    private readonly ConcurrentDictionary<string, Lazy<FeedbackQueue>> _queues = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<SpillFiles<KeptFeedback>> _files = [];

    /// <summary>The feedback client of a tenant.</summary>
    public IFeedbackClient Of(string tenant) => _queues.GetOrAdd(tenant, static (id, dispatcher) => new Lazy<FeedbackQueue>(() => dispatcher.Create(id)), this).Value;

    /// <summary>Begins to record what an earlier process has left on disk.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var tenant in tenants)
        {
            Of(tenant.Id);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var queue in _queues.Values)
        {
            await queue.Value.DisposeAsync().AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var queue in _queues.Values)
        {
            await queue.Value.DisposeAsync().ConfigureAwait(false);
        }

        foreach (var files in _files)
        {
            files.Dispose();
        }
    }

    private FeedbackQueue Create(string tenant)
    {
        SpillFiles<KeptFeedback>? files = null;
        if (Directory() is { } directory)
        {
            files = new SpillFiles<KeptFeedback>(Path.Combine(directory, tenant), Kind, KeptFeedbackJson.Default.KeptFeedback);
            _files.Add(files);
        }

        return new FeedbackQueue(tenant, recorder, files, options.Value, time, loggers.CreateLogger<FeedbackQueue>());
    }

    private string? Directory() => options.Value.Directory
        ?? (Path.GetDirectoryName(routing.SettlementDirectory ?? routing.StandardSettlementDirectory) is { } beside ? Path.Combine(beside, Kind) : null);
}
