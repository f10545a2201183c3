using MetaLlm.Engine.Idempotency;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>The silo's kept answers for processes that have no store. It keeps nothing itself, so that calls may interleave.</summary>
[GrainType("metallm.answer-store")]
[StatelessWorker, Reentrant]
internal sealed class AnswerStoreGrain(IServiceProvider services) : Grain, IAnswerStoreGrain
{
    private IAnswerStore Store => services.GetService<IAnswerStore>() ?? throw new EngineUnavailableException("The silo's store keeps no answers.");

    /// <inheritdoc/>
    public ValueTask<KeptAnswer?> ClaimAsync(AnswerClaim claim, CancellationToken cancellationToken) => Store.ClaimAsync(claim, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(string tenant, string id, string owner, DateTimeOffset heldUntil, CancellationToken cancellationToken) =>
        Store.RenewAsync(tenant, id, owner, heldUntil, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> KeepAsync(string tenant, string id, KeptAnswer answer, CancellationToken cancellationToken) => Store.KeepAsync(tenant, id, answer, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ReleaseAsync(string tenant, string id, string owner, CancellationToken cancellationToken) => Store.ReleaseAsync(tenant, id, owner, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> TrimAsync(string tenant, int most, long mostBytes, CancellationToken cancellationToken) => Store.TrimAsync(tenant, most, mostBytes, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) => Store.DropAsync(before, limit, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        await Store.DeleteTenantAsync(tenant, cancellationToken);
        return true;
    }
}
