using MetaLlm.Engine.Ports;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.TestKit.Conformance;

/// <summary>What every snapshot store does.</summary>
/// <typeparam name="TStore">The implementation.</typeparam>
public abstract class SnapshotStoreConformance<TStore> : IAsyncLifetime
    where TStore : ISnapshotStore
{
    private IStoreFixture _fixture = null!;

    private ISnapshotStore Store => _fixture.Snapshots;

    /// <summary>Opens an empty store.</summary>
    protected abstract ValueTask<IStoreFixture> OpenAsync();

    /// <inheritdoc/>
    public async Task InitializeAsync() => _fixture = await OpenAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [ConformanceFact]
    public void The_fixture_holds_the_implementation_it_names() => Assert.IsType<TStore>(Store);

    [ConformanceFact]
    public async Task A_tenant_without_snapshot_has_none() => Assert.Null(await Store.LoadAsync("acme", default));

    [ConformanceFact]
    public async Task A_snapshot_comes_back_byte_for_byte_after_reopening()
    {
        byte[] state = [0, 255, 1, 0, 128];
        var etag = await Store.SaveAsync("acme", new Snapshot(7, 3, state), null, default);
        await _fixture.ReopenAsync();

        var found = await Store.LoadAsync("acme", default);

        Assert.NotNull(found);
        Assert.Equal(etag, found.ETag);
        Assert.Equal((7, 3), (found.Snapshot.AppliedSequence, found.Snapshot.DecisionOrdinal));
        Assert.Equal(state, found.Snapshot.State.ToArray());
    }

    [ConformanceFact]
    public async Task Replacing_gives_a_new_etag_and_the_old_one_is_fenced_off()
    {
        var first = await Store.SaveAsync("acme", new Snapshot(1, 0, new byte[] { 1 }), null, default);
        var second = await Store.SaveAsync("acme", new Snapshot(2, 0, new byte[] { 2 }), first, default);

        Assert.NotEqual(first, second);
        await Assert.ThrowsAsync<FencedException>(async () => await Store.SaveAsync("acme", new Snapshot(9, 0, new byte[] { 9 }), first, default));
        await Assert.ThrowsAsync<FencedException>(async () => await Store.SaveAsync("acme", new Snapshot(9, 0, new byte[] { 9 }), null, default));
        Assert.Equal(2, (await Store.LoadAsync("acme", default))!.Snapshot.AppliedSequence);
    }

    [ConformanceFact]
    public async Task An_etag_for_a_snapshot_that_is_not_there_is_fenced_off()
    {
        await Assert.ThrowsAsync<FencedException>(async () => await Store.SaveAsync("acme", new Snapshot(1, 0, new byte[] { 1 }), "1", default));
        Assert.Null(await Store.LoadAsync("acme", default));
    }

    [ConformanceFact]
    public async Task Tenants_do_not_see_each_other()
    {
        await Store.SaveAsync("acme", new Snapshot(1, 0, new byte[] { 1 }), null, default);
        await Store.SaveAsync("Acme", new Snapshot(2, 0, new byte[] { 2 }), null, default);

        Assert.Equal(1, (await Store.LoadAsync("acme", default))!.Snapshot.AppliedSequence);
        Assert.Equal(2, (await Store.LoadAsync("Acme", default))!.Snapshot.AppliedSequence);
        Assert.Null(await Store.LoadAsync("ACME", default));
    }

    [ConformanceFact]
    public async Task Of_many_concurrent_savers_exactly_one_wins()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            try
            {
                await Store.SaveAsync("acme", new Snapshot(i, 0, new byte[] { (byte)i }), null, default);
                return true;
            }
            catch (FencedException)
            {
                return false;
            }
        })));

        Assert.Single(results, won => won);
    }

    [ConformanceFact]
    public async Task A_cancelled_save_writes_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await Store.SaveAsync("acme", new Snapshot(1, 0, new byte[] { 1 }), null, new CancellationToken(true)));
        Assert.Null(await Store.LoadAsync("acme", default));
    }
}
