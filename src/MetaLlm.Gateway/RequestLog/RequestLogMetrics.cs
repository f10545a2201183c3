using System.Diagnostics.Metrics;

namespace MetaLlm.Gateway.RequestLog;

/// <summary>What became of requests that were to be kept.</summary>
internal sealed class RequestLogMetrics
{
    private readonly Counter<long> _requests;

    public RequestLogMetrics(IMeterFactory factory) => _requests = factory.Create(Engine.Routing.RoutingMetrics.MeterName).CreateCounter<long>(
        "metallm.request_log.requests", "{request}", "Requests that were to be kept with their texts: kept, or dropped since there was no room or the store was away.");

    public void Kept(string tenant) => Count(tenant, "kept");

    public void Dropped(string tenant) => Count(tenant, "dropped");

    private void Count(string tenant, string outcome) => _requests.Add(1, new("tenant", tenant), new KeyValuePair<string, object?>("outcome", outcome));
}
