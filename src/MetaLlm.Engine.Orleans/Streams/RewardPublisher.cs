using System.Collections.Concurrent;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Orleans.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Streams;

namespace MetaLlm.Engine.Orleans.Streams;

/// <summary>Publishes a silo's recorded feedback to the owners. Nobody waits for it: the journal holds everything already.</summary>
/// <param name="services">Where the stream provider is found.</param>
/// <param name="options">Validated options.</param>
/// <param name="logger">Log.</param>
internal sealed partial class RewardPublisher(
    IServiceProvider services, IOptions<OrleansEngineOptions> options, ILogger<RewardPublisher> logger)
{
    private readonly ConcurrentDictionary<string, RewardOutbox> _outboxes = new(StringComparer.Ordinal);
    private readonly ILogger _logger = logger;

    /// <summary>Publishes events soon, together with others of the tenant that arrive before.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="events">Events that the journal holds.</param>
    /// <param name="upTo">Sequence up to which it has events, of other kinds among them.</param>
    public void Publish(string tenant, IReadOnlyList<RewardedEvent> events, long upTo)
    {
        while (true)
        {
            var outbox = _outboxes.GetOrAdd(tenant, static (_, capacity) => new RewardOutbox(capacity), options.Value.RewardsPerItem);
            if (outbox.TryAdd(events, upTo, out var mustStart))
            {
                if (mustStart)
                {
                    _ = Task.Run(() => PublishWaitingAsync(tenant, outbox));
                }

                return;
            }

            _outboxes.TryRemove(KeyValuePair.Create(tenant, outbox));
        }
    }

    private async Task PublishWaitingAsync(string tenant, RewardOutbox outbox)
    {
        while (outbox.TakeOrClose() is { } item)
        {
            try
            {
                var provider = services.GetRequiredKeyedService<IStreamProvider>(options.Value.StreamProvider);
                await provider.GetStream<RecordedRewards>(RewardStream.For(tenant)).OnNextAsync(item).ConfigureAwait(false);
            }
            catch (Exception error)
            {
                // The owner finds the events when it next catches up.
                LogNotPublished(error, tenant, item.UpTo);
            }
        }

        _outboxes.TryRemove(KeyValuePair.Create(tenant, outbox));
    }

    [LoggerMessage(2201, LogLevel.Warning, "Feedback of tenant {Tenant} up to event {Sequence} could not be published; its owner will read the journal.")]
    private partial void LogNotPublished(Exception error, string tenant, long sequence);
}
