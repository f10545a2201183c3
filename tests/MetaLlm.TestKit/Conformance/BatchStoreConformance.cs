using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit.Conformance;

/// <summary>What every store of batches does.</summary>
/// <typeparam name="TStore">The implementation.</typeparam>
public abstract class BatchStoreConformance<TStore> : StoreConformance<IBatchStore>
    where TStore : IBatchStore
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);

    [ConformanceFact]
    public async Task Batches_are_there_for_their_tenant_alone_and_listed_in_pages_the_newest_first()
    {
        Assert.IsType<TStore>(Store);
        await PutAsync(Batch("a", 0));
        await PutAsync(Batch("c", 1));
        await PutAsync(Batch("b", 1));
        await PutAsync(Batch("a", 0) with { Tenant = "other" });
        await Fixture.ReopenAsync();

        Assert.Equal(Batch("a", 0), await Store.FindAsync("acme", "a", default));
        Assert.Null(await Store.FindAsync("other", "b", default));
        Assert.Equal(["c", "b", "a"], await ListAsync(null, 10));
        Assert.Equal(["c", "b"], await ListAsync(null, 2));
        Assert.Equal(["a"], await ListAsync("b", 2));
        Assert.Empty(await ListAsync("nowhere", 2));
    }

    [ConformanceFact]
    public async Task Of_many_that_come_at_once_no_more_are_added_than_a_tenant_may_have_open()
    {
        const int most = 3;
        await PutAsync(Batch("over", 0) with { IsOpen = false });
        await PutAsync(Batch("foreign", 0) with { Tenant = "other" });
        var added = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () => await Store.PutAsync(Batch($"b{i}", i), most, default))));
        Assert.Equal(most, added.Count(one => one));
        Assert.Equal(added.Select((one, i) => (Added: one, Id: $"b{i}")).Where(one => one.Added).Select(one => one.Id).Append("over").Order(), (await ListAsync(null, 100)).Order());
        Assert.True(await Store.PutAsync(Batch("other", 0) with { Tenant = "third" }, 1, default));
        Assert.False(await Store.PutAsync(Batch("late", 0), most, default));
        Assert.Null(await Store.FindAsync("acme", "late", default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store.PutAsync(Batch("none", 0), 0, default));

        // Once is no proof of a race that is lost now and then.
        for (var round = 0; round < 30; round++)
        {
            var tenant = $"tenant-{round}";
            var at = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () => await Store.PutAsync(Batch($"b{i}", i) with { Tenant = tenant }, 1, default))));
            Assert.Single(at, one => one);
        }
    }

    [ConformanceFact]
    public async Task The_oldest_batch_that_nobody_runs_is_claimed_once()
    {
        await PutAsync(Batch("young", 1));
        await PutAsync(Batch("old", 0) with { Tenant = "other" });
        Assert.Equal(("other", "old"), Name(await ClaimAsync("x")));
        Assert.Equal(("acme", "young"), Name(await ClaimAsync("y")));
        Assert.Null(await ClaimAsync("z"));
    }

    [ConformanceFact]
    public async Task Of_many_that_claim_at_once_each_batch_has_one()
    {
        for (var i = 0; i < 4; i++)
        {
            await PutAsync(Batch($"b{i}", i));
        }

        var claimed = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () => await ClaimAsync($"owner-{i}"))));
        var found = claimed.OfType<StoredBatch>().Select(batch => batch.Id).ToList();
        Assert.Equal(found.Count, found.Distinct().Count());
        while (await ClaimAsync($"late-{found.Count}") is { } late)
        {
            found.Add(late.Id);
        }

        Assert.Equal(["b0", "b1", "b2", "b3"], found.Order());
    }

    [ConformanceFact]
    public async Task A_claim_ends_when_it_is_not_renewed_or_let_go_and_whoever_had_it_writes_nothing_any_more()
    {
        await PutAsync(Batch("a", 0));
        await ClaimAsync("x");
        Assert.NotNull(await Store.RenewAsync("acme", "a", "x", Noon + (2 * Hold), default));
        Assert.Null(await ClaimAsync("y", Noon + (2 * Hold)));
        Assert.Equal("a", (await ClaimAsync("y", Noon + (2 * Hold) + TimeSpan.FromTicks(1)))!.Id);

        Assert.Null(await Store.RenewAsync("acme", "a", "x", Noon + (9 * Hold), default));
        Assert.False(await Store.SaveAsync(Batch("a", 0) with { Document = "{\"x\":1}" }, "x", default));
        Assert.False(await Store.SaveLineAsync("acme", "a", "x", new StoredLine(0, "{}"), default));
        await Store.ReleaseAsync("acme", "a", "x", default);
        Assert.Null(await ClaimAsync("z", Noon + (2 * Hold) + TimeSpan.FromTicks(1)));
        await Store.ReleaseAsync("acme", "a", "y", default);
        Assert.Equal("a", (await ClaimAsync("z"))!.Id);
        Assert.Equal("{}", (await Store.FindAsync("acme", "a", default))!.Document);
    }

    [ConformanceFact]
    public async Task What_becomes_of_queries_is_kept_until_the_batch_is_over()
    {
        await PutAsync(Batch("a", 0));
        await ClaimAsync("x");
        Assert.True(await Store.SaveLineAsync("acme", "a", "x", new StoredLine(2, "two"), default));
        Assert.True(await Store.SaveLineAsync("acme", "a", "x", new StoredLine(10, "ten"), default));
        Assert.True(await Store.SaveLineAsync("acme", "a", "x", new StoredLine(2, "zwei ü"), default));
        await Fixture.ReopenAsync();
        Assert.Equal([new StoredLine(2, "zwei ü"), new StoredLine(10, "ten")], await Store.ReadLinesAsync("acme", "a", 0, 10, default));
        Assert.Equal([new StoredLine(2, "zwei ü")], await Store.ReadLinesAsync("acme", "a", 0, 1, default));
        Assert.Equal([new StoredLine(10, "ten")], await Store.ReadLinesAsync("acme", "a", 3, 10, default));
        Assert.Empty(await Store.ReadLinesAsync("other", "a", 0, 10, default));

        Assert.True(await Store.SaveAsync(Batch("a", 0) with { Document = "{\"done\":true}", IsOpen = false }, "x", default));
        Assert.Empty(await Store.ReadLinesAsync("acme", "a", 0, 10, default));
        var over = (await Store.FindAsync("acme", "a", default))!;
        Assert.Equal((false, "{\"done\":true}"), (over.IsOpen, over.Document));
        Assert.Null(await ClaimAsync("y", Noon + (9 * Hold)));
        Assert.Null(await Store.RenewAsync("acme", "a", "x", Noon + (9 * Hold), default));
        Assert.False(await Store.SaveLineAsync("acme", "a", "x", new StoredLine(3, "late"), default));
    }

    [ConformanceFact]
    public async Task A_batch_is_asked_to_stop_once_and_whoever_runs_it_learns_of_that()
    {
        await PutAsync(Batch("a", 0));
        await ClaimAsync("x");
        Assert.Null((await Store.RenewAsync("acme", "a", "x", Noon + Hold, default))!.CancelledAt);
        Assert.Equal(Noon, (await Store.CancelAsync("acme", "a", Noon, default))!.CancelledAt);
        Assert.Equal(Noon, (await Store.CancelAsync("acme", "a", Noon.AddMinutes(1), default))!.CancelledAt);
        Assert.Equal(Noon, (await Store.RenewAsync("acme", "a", "x", Noon + Hold, default))!.CancelledAt);
        Assert.Null(await Store.CancelAsync("other", "a", Noon, default));
        Assert.True(await Store.SaveAsync(Batch("a", 0) with { IsOpen = false }, "x", default));
        await PutAsync(Batch("b", 0) with { IsOpen = false });
        Assert.Null((await Store.CancelAsync("acme", "b", Noon, default))!.CancelledAt);
    }

    [ConformanceFact]
    public async Task Old_batches_that_are_over_go_and_a_tenants_go_with_it()
    {
        await PutAsync(Batch("over", 0) with { IsOpen = false });
        await PutAsync(Batch("open", 0));
        await PutAsync(Batch("young", 9) with { IsOpen = false });
        await PutAsync(Batch("kept", 9) with { Tenant = "other" });
        Assert.Equal(1, await Store.DropAsync(Noon.AddMinutes(1), 10, default));
        Assert.Equal(["young", "open"], await ListAsync(null, 10));
        await ClaimAsync("x");
        Assert.True(await Store.SaveLineAsync("acme", "open", "x", new StoredLine(0, "{}"), default));
        await Store.DeleteTenantAsync("acme", default);
        Assert.Empty(await ListAsync(null, 10));
        Assert.Empty(await Store.ReadLinesAsync("acme", "open", 0, 10, default));
        Assert.Null(await Store.RenewAsync("acme", "open", "x", Noon + Hold, default));
        Assert.NotNull(await Store.FindAsync("other", "kept", default));
    }

    private static StoredBatch Batch(string id, int minutes) => new() { Tenant = "acme", Id = id, CreatedAt = Noon.AddMinutes(minutes), Document = "{}" };

    private async Task PutAsync(StoredBatch batch) => Assert.True(await Store.PutAsync(batch, int.MaxValue, default));

    private static (string?, string?) Name(StoredBatch? batch) => (batch?.Tenant, batch?.Id);

    private ValueTask<StoredBatch?> ClaimAsync(string owner, DateTimeOffset? at = null) => Store.ClaimAsync(owner, at ?? Noon, (at ?? Noon) + Hold, default);

    private async Task<IEnumerable<string>> ListAsync(string? after, int limit) => (await Store.ListAsync("acme", after, limit, default)).Select(batch => batch.Id);
}
