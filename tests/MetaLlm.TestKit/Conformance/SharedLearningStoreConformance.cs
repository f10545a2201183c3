using MetaLlm.Engine.Ports;
using MetaLlm.Engine.SharedLearning;

namespace MetaLlm.TestKit.Conformance;

/// <summary>What every store of contributions to the pool does.</summary>
/// <typeparam name="TStore">The implementation.</typeparam>
public abstract class SharedLearningStoreConformance<TStore> : StoreConformance<ISharedLearningStore>
    where TStore : ISharedLearningStore
{
    [ConformanceFact]
    public async Task A_contribution_comes_back_as_it_was_after_reopening()
    {
        Assert.True(await Store.PutAsync(new StoredContribution("acme", 1, "{\"ü\":1}"), default));
        await Fixture.ReopenAsync();
        Assert.IsType<TStore>(Store);
        Assert.Equal(new StoredContribution("acme", 1, "{\"ü\":1}"), await Store.FindAsync("acme", default));
        Assert.Null(await Store.FindAsync("other", default));
    }

    [ConformanceFact]
    public async Task Whoever_was_slower_writes_nothing()
    {
        Assert.False(await Store.PutAsync(new StoredContribution("acme", 2, "{}"), default));
        Assert.True(await Store.PutAsync(new StoredContribution("acme", 1, "{}"), default));
        Assert.False(await Store.PutAsync(new StoredContribution("acme", 1, "{\"second\":1}"), default));
        Assert.True(await Store.PutAsync(new StoredContribution("acme", 2, "{\"third\":1}"), default));
        Assert.False(await Store.PutAsync(new StoredContribution("acme", 2, "{\"fourth\":1}"), default));
        Assert.Equal(new StoredContribution("acme", 2, "{\"third\":1}"), await Store.FindAsync("acme", default));
    }

    [ConformanceFact]
    public async Task A_list_has_all_by_name_and_a_tenant_is_deleted_whole()
    {
        foreach (var tenant in new[] { "b", "a", "B" })
        {
            Assert.True(await Store.PutAsync(new StoredContribution(tenant, 1, "{}"), default));
        }

        Assert.Equal(["B", "a", "b"], (await Store.ListAsync(default)).Select(one => one.Tenant));
        await Store.DeleteTenantAsync("a", default);
        await Store.DeleteTenantAsync("none", default);
        Assert.Equal(["B", "b"], (await Store.ListAsync(default)).Select(one => one.Tenant));
        Assert.False(await Store.PutAsync(new StoredContribution("a", 2, "{}"), default));
        Assert.True(await Store.PutAsync(new StoredContribution("a", 1, "{}"), default));
    }
}
