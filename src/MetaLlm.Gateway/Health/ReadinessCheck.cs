using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Health;

/// <summary>Whether calls can be served: the tenants are set up, the engine answers, its journal takes writes, and the embedding model is known.</summary>
/// <remarks>
/// Anybody may ask, so asking must not be work: however many ask at once, one probe runs, and what it found holds for <see cref="Fresh"/>. A probe
/// costs the same however many tenants there are.
/// </remarks>
internal sealed partial class ReadinessCheck(
    StartGate gate, ITenantEngine engine, IEmbedder embedder, TimeProvider time, ILogger<ReadinessCheck> logger)
    : IHealthCheck
{
    public const string Name = "metallm";
    public const string EmbedderKey = "embedder";

    /// <summary>How long a result holds.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(0.5);

    /// <summary>
    /// How long a probe may take; orchestrators' own limits are longer. One that takes longer is given up, and the next one begins anew: a connection that the network has lost may stay silent long after there is
    /// a network again.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>
    /// How long whoever asks waits for a probe, counted from its beginning. One that takes longer counts as failed until it ends: a load balancer that asks twice before it believes hears the second answer at once.
    /// </summary>
    public static readonly TimeSpan Late = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private Task<HealthCheckResult> _latest = Task.FromResult(default(HealthCheckResult));
    private long _began;
    private long? _ended;
    private bool _wasReady = true;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!gate.IsOpen)
        {
            return HealthCheckResult.Unhealthy("The tenants are not set up yet.");
        }

        Task<HealthCheckResult> latest;
        TimeSpan rest;
        lock (_lock)
        {
            if (_latest.IsCompleted && !(_ended is { } ended && time.GetElapsedTime(ended) < Fresh))
            {
                // Not on this thread: a store may block, and the lock is held.
                _began = time.GetTimestamp();
                _latest = Task.Run(ProbeAsync, CancellationToken.None);
            }

            latest = _latest;
            rest = Late - time.GetElapsedTime(_began);
        }

        try
        {
            return await latest.WaitAsync(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            return HealthCheckResult.Unhealthy($"There was no answer within {Late.TotalSeconds} s.", e);
        }
    }

    private async Task<HealthCheckResult> ProbeAsync()
    {
        HealthCheckResult result;
        try
        {
            using var limit = new CancellationTokenSource(Patience, time);
            await engine.ProbeAsync(limit.Token).ConfigureAwait(false);
            result = HealthCheckResult.Healthy(data: new Dictionary<string, object> { [EmbedderKey] = embedder.Model.Name });
            if (!_wasReady)
            {
                LogReady(logger);
            }

            _wasReady = true;
        }
#pragma warning disable CA1031 // Whatever it is, calls cannot be served.
        catch (Exception e)
#pragma warning restore CA1031
        {
            result = HealthCheckResult.Unhealthy("Calls cannot be served at the moment.", e);
            if (_wasReady)
            {
                LogNotReady(logger, e is EngineUnavailableException or OperationCanceledException ? null : e, e.Message);
            }

            _wasReady = false;
        }

        lock (_lock)
        {
            _ended = time.GetTimestamp();
        }

        return result;
    }

    [LoggerMessage(5201, LogLevel.Warning, "Not ready, calls cannot be served at the moment: {Reason}")]
    private static partial void LogNotReady(ILogger logger, Exception? defect, string reason);

    [LoggerMessage(5202, LogLevel.Information, "Ready again.")]
    private static partial void LogReady(ILogger logger);
}
