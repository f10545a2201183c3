using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Retention;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>Goes through the tenants that have old decisions, one after the other. What one tenant's trouble keeps is left for the next time.</summary>
[GrainType("metallm.retention")]
internal sealed partial class RetentionGrain(
    IJournalRetention retention,
    IOptions<RetentionOptions> options,
    [FromKeyedServices(LocalServices.Key)] TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<RetentionGrain> logger) : Grain, IRetentionGrain
{
    private const int TenantsAtOnce = 200;
    private const int DecisionsAtOnce = 1000;

    private readonly ILogger _logger = logger;
    private readonly JournalArchive? _archive = options.Value.Archive is { } directory ? new JournalArchive(directory) : null;
    private long? _ran;

    /// <inheritdoc/>
    public async ValueTask<long> RunAsync(CancellationToken cancellationToken)
    {
        return _ran is { } ran && time.GetElapsedTime(ran) < options.Value.Period / 2 ? 0 : (await RunNowAsync(cancellationToken)).Decisions;
    }

    /// <inheritdoc/>
    public async ValueTask<RetentionOutcome> RunNowAsync(CancellationToken cancellationToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        await retention.PurgeAsync(stopping.Token);
        var decisions = options.Value.Days is { } days ? await RunAsync(TimeSpan.FromDays(days), stopping.Token) : 0;
        var changes = options.Value.AuditDays is { } auditDays ? await retention.DropChangesAsync(time.GetUtcNow() - TimeSpan.FromDays(auditDays), stopping.Token) : 0;
        if (decisions > 0 || changes > 0)
        {
            await retention.ShrinkAsync(stopping.Token);
            LogDropped(decisions, changes);
        }

        _ran = time.GetTimestamp();
        return new RetentionOutcome(decisions, changes);
    }

    private async Task<long> RunAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var (dropped, last) = (0L, "");
        while (await retention.FindTenantsAsync(time.GetUtcNow() - age, last, TenantsAtOnce, cancellationToken) is { Count: > 0 } tenants)
        {
            foreach (var tenant in tenants)
            {
                try
                {
                    dropped += await RunAsync(tenant, age, cancellationToken);
                }
                catch (Exception error) when (error is not OperationCanceledException)
                {
                    LogFailed(error, tenant);
                }
            }

            last = tenants[^1];
        }

        return dropped;
    }

    private async Task<long> RunAsync(string tenant, TimeSpan age, CancellationToken cancellationToken)
    {
        if (await GrainFactory.GetGrain<ITenantPolicyGrain>(tenant).SetBaseAsync(age, cancellationToken) is not { } before)
        {
            return 0;
        }

        var dropped = 0L;
        while (await retention.FindDroppableAsync(tenant, before, DecisionsAtOnce, cancellationToken) is { Count: > 0 } decisions)
        {
            if (_archive is not null)
            {
                await _archive.WriteAsync(tenant, decisions, cancellationToken);
            }

            if (!await retention.DropAsync(tenant, decisions[^1].Stored.Decision.Ordinal, cancellationToken))
            {
                break;
            }

            dropped += decisions.Count;
        }

        return dropped;
    }

    [LoggerMessage(2221, LogLevel.Information, "{Decisions} old decisions went out of the journal, and {Changes} old records out of the audit.")]
    private partial void LogDropped(long decisions, long changes);

    [LoggerMessage(2222, LogLevel.Warning, "Old decisions of tenant {Tenant} could not be let go; they stay until the next time.")]
    private partial void LogFailed(Exception error, string tenant);
}
