using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tenants;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Rollout.Challengers;

/// <summary>
/// Looks at the logs of the tenants that this process serves, for their challengers, off the path of requests. Where a tenant wants it, a challenger is promoted once its gate is open. Several gateways
/// may look at the same log and come to the same; the first promotes.
/// </summary>
internal sealed partial class ChallengerWatch(TenantCatalog catalog, ChallengerLooks looks, ChallengerAdministration challengers, TimeProvider time, ILogger<ChallengerWatch> logger) : BackgroundService
{
    /// <summary>Who promotes where nobody does.</summary>
    public static readonly AdminCaller Caller = new("challenger", AdminRole.Operate);

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private readonly QuietLog _quiet = new(time);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (looks.CanLook && await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            await LookAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    /// <summary>Looks at every log whose last look does not hold any more.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var known in catalog.Known.Where(tenant => tenant.Challenger.Policy is not null).ToList())
        {
            try
            {
                if (await catalog.FindAsync(known.Id, cancellationToken).ConfigureAwait(false) is { } tenant && looks.IsDue(tenant))
                {
                    await LookAsync(tenant, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (ApiException e) when (e.Error.Code == ErrorCode.RevisionMismatch || e.Error.Code == ErrorCode.ChallengerNotFound)
            {
                // Somebody was faster.
                catalog.Forget(known.Id);
            }
#pragma warning disable CA1031 // Whatever is wrong with one log, the others are looked at.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (_quiet.MaySay((known.Id, e.GetType()), out var unsaid))
                {
                    LogFailed(logger, e is EngineUnavailableException or ApiException ? null : e, known.Id, e.Message, unsaid);
                }
            }
        }
    }

    private async Task LookAsync(TenantSettings tenant, CancellationToken cancellationToken)
    {
        if (await looks.LookAsync(tenant, cancellationToken).ConfigureAwait(false) is not { IsOpen: true } || tenant.Challenger.Promote != ChallengerPromotion.Automatic)
        {
            return;
        }

        await challengers.PromoteAsync(Caller, tenant.Id, force: false, tenant.Revision, cancellationToken).ConfigureAwait(false);
        LogPromoted(logger, tenant.Id, tenant.Challenger.Policy!, tenant.Policy);
    }

    [LoggerMessage(5521, LogLevel.Information, "Tenant {Tenant}: the challenger {Challenger} has taken the place of {Champion}.")]
    private static partial void LogPromoted(ILogger logger, string tenant, string challenger, string champion);

    [LoggerMessage(5522, LogLevel.Warning, "The challenger of tenant {Tenant} could not be looked at; it is tried again in a minute. {Reason} ({Unsaid} more since the last such line.)")]
    private static partial void LogFailed(ILogger logger, Exception? defect, string tenant, string reason, int unsaid);
}
