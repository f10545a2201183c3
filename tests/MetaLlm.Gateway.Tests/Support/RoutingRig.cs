using System.Diagnostics.Metrics;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Engine.Routing.Circuits;
using MetaLlm.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Gateway.Tests.Support;

/// <summary>The path of requests over a recording engine and a scripted provider.</summary>
internal sealed class RoutingRig : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public RoutingRig(RecordingEngine engine, IChatProvider provider, IArmCatalog catalog, RoutingOptions options, FakeTimeProvider time, IRetrievers? retrievers = null)
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        var metrics = new RoutingMetrics(factory);
        var queue = new FairConcurrencyLimiter(options.EmbeddingPlaces, options.LongestWait, time, new AdmissionMetrics(factory));
        Circuits = new CircuitBreakers(options, metrics, time, NullLogger<CircuitBreakers>.Instance);
        Settlements = new PendingSettlements(engine, metrics, options, time, NullLogger<PendingSettlements>.Instance);
        Routing = new RoutingService(
            engine, new QueryEmbeddings(new FixedEmbedder(), options, queue, metrics), provider, catalog, Circuits, options, Settlements, metrics, time, NullLogger<RoutingService>.Instance, retrievers: retrievers);
    }

    public CircuitBreakers Circuits { get; }

    public PendingSettlements Settlements { get; }

    public RoutingService Routing { get; }

    public void Dispose()
    {
        Settlements.Dispose();
        _services.Dispose();
    }
}
