using System.Collections.Concurrent;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Rollout;

/// <summary>
/// Sends a share of the calls to shadows as well. A tenant's shadow is a tenant of its own: it decides, keeps its cap, is settled and reported like any other, so that nothing of it is
/// counted as the tenant's. Nobody waits for it.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class ShadowCalls(RoutingService routing, SideTenants sides, CallDrain drain, ILogger<ShadowCalls> logger) : IHostedService, IDisposable
{
    /// <summary>Most calls of shadows that run in this process at once; further ones are left out.</summary>
    public const int MostRunning = 32;

    private readonly ConcurrentDictionary<string, long> _leftOut = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _calls = new();
    private readonly CancellationTokenSource _stopping = CancellationTokenSource.CreateLinkedTokenSource(drain.Over);
    private volatile bool _isOver;
    private int _running;

    /// <summary>Calls of a tenant that its shadow should have seen in this process and did not, since too many ran already, the cap was reached or no model could serve.</summary>
    /// <param name="tenant">The tenant.</param>
    public long LeftOut(string tenant) => _leftOut.GetValueOrDefault(tenant);

    /// <summary>Whether a call is among those that a shadow sees. Ids are random, and so is this. A client that says which models may see its request means shadows too.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="request">The client's request.</param>
    /// <param name="decision">The decision.</param>
    public static bool Sees(TenantSettings tenant, ChatRequest request, DecisionRecord decision) =>
        tenant.ShadowConfiguration is not null && decision.IsOfPolicy && !request.LimitsModels && TextHash.Of(decision.DecisionId) < tenant.Shadow.Share * ulong.MaxValue;

    /// <summary>Starts the call of a shadow, where the decision is one of those that it sees.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="request">The client's request.</param>
    /// <param name="payload">What goes to a model.</param>
    /// <param name="decision">The client's decision.</param>
    public void Start(TenantSettings tenant, ChatRequest request, ChatPayload payload, DecisionRecord decision)
    {
        if (_isOver || !Sees(tenant, request, decision))
        {
            return;
        }

        if (Interlocked.Increment(ref _running) > MostRunning)
        {
            Interlocked.Decrement(ref _running);
            Count(tenant);
            return;
        }

        var route = request.Route;
        var asked = new DecisionRequest
        {
            Features = route.Features with { Embedding = [] },
            Preferences = route.Preferences,
            RequiredCapabilities = route.RequiredCapabilities,
            InputTokensBound = route.InputTokensBound,
            MaxOutputTokens = route.MaxOutputTokens,
            Choices = route.Choices,
        };

        // The client's decision stands in logs and traces in place of the client's id.
        var call = RunAsync(tenant, request.Query, asked, new ChatPayload(payload.Body, payload.Stream) { Kind = payload.Kind, Screen = payload.Screen, RequestId = decision.DecisionId });
        _calls[call] = true;
        _ = call.ContinueWith(ended => _calls.TryRemove(ended, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends the calls that run, and waits until they are on their way to be settled.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _isOver = true;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_calls.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(TenantSettings tenant, string query, DecisionRequest request, ChatPayload payload)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await sides.ConfigureAsync(ShadowTenant.NameOf(tenant.Id), tenant.ShadowConfiguration!, _stopping.Token).ConfigureAwait(false);
            var call = await routing.ChatAsync(ShadowTenant.NameOf(tenant.Id), query, request, payload, decided: null, _stopping.Token).ConfigureAwait(false);
            await using var callEnd = call.ConfigureAwait(false);
            await foreach (var _ in call.ReadAsync(_stopping.Token).ConfigureAwait(false))
            {
            }
        }
        catch (NoFeasibleArmException)
        {
            Count(tenant);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host stops; what is owed is settled.
        }
        catch (Exception e) when (e is UpstreamsExhaustedException or ChatProviderException)
        {
            // It is settled as a failure, and reported.
        }
#pragma warning disable CA1031 // Whatever happens to a shadow, the client's call goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogFailed(logger, tenant.Id, e.GetType().Name);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    private void Count(TenantSettings tenant) => _leftOut.AddOrUpdate(tenant.Id, 1, (_, count) => count + 1);

    [LoggerMessage(5501, LogLevel.Warning, "A call of the shadow of tenant {Tenant} failed: {Error}.")]
    private static partial void LogFailed(ILogger logger, string tenant, string error);
}
