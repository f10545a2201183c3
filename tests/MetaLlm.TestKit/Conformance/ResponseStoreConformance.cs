using System.Text;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Responses;

namespace MetaLlm.TestKit.Conformance;

/// <summary>What every store of responses does.</summary>
/// <typeparam name="TStore">The implementation.</typeparam>
public abstract class ResponseStoreConformance<TStore> : StoreConformance<IResponseStore>
    where TStore : IResponseStore
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [ConformanceFact]
    public async Task A_response_comes_back_as_it_was_after_reopening()
    {
        await PutAsync("acme", "r1", null);
        await Fixture.ReopenAsync();

        var found = (await Store.FindAsync("acme", "r1", default))!;

        Assert.IsType<TStore>(Store);
        Assert.Equal(("acme", "r1", null, Noon), (found.Tenant, found.Id, found.PreviousId, found.CreatedAt));
        Assert.Equal("""["r1ü😀"]""", Encoding.UTF8.GetString(found.Input.Span));
        Assert.Equal("""{"id":"r1"}""", Encoding.UTF8.GetString(found.Response.Span));
        Assert.Null(await Store.FindAsync("other", "r1", default));
        Assert.Null(await Store.FindAsync("acme", "R1", default));
    }

    [ConformanceFact]
    public async Task What_is_there_already_stays_as_it_is()
    {
        await PutAsync("acme", "r1", null);
        await PutAsync("acme", "r1", "r0");
        Assert.Null((await Store.FindAsync("acme", "r1", default))!.PreviousId);
    }

    [ConformanceFact]
    public async Task A_chain_begins_with_the_oldest_and_ends_where_one_is_missing_or_the_limit_is_reached()
    {
        await PutAsync("acme", "r1", null);
        await PutAsync("acme", "r2", "r1");
        await PutAsync("acme", "r3", "r2");
        await PutAsync("other", "r4", "r3");
        Assert.Equal(["r1", "r2", "r3"], await ChainAsync("acme", "r3"));
        Assert.Equal(["r2", "r3"], await ChainAsync("acme", "r3", limit: 2));
        Assert.Equal(["r4"], await ChainAsync("other", "r4"));
        Assert.Empty(await ChainAsync("acme", "r4"));

        Assert.True(await Store.DeleteAsync("acme", "r2", default));
        Assert.False(await Store.DeleteAsync("acme", "r2", default));
        Assert.Equal(["r3"], await ChainAsync("acme", "r3"));
    }

    [ConformanceFact]
    public async Task A_chain_that_goes_round_ends()
    {
        await PutAsync("acme", "r1", "r2");
        await PutAsync("acme", "r2", "r1");
        Assert.Equal(5, (await ChainAsync("acme", "r1", limit: 5)).Count);
    }

    [ConformanceFact]
    public async Task What_is_old_is_dropped_the_oldest_first_and_a_tenant_is_dropped_whole()
    {
        await PutAsync("acme", "r1", null, Noon.AddHours(-3));
        await PutAsync("acme", "r2", null, Noon.AddHours(-2));
        await PutAsync("other", "r3", null, Noon.AddHours(-1));
        await PutAsync("other", "r4", null);
        Assert.Equal(1, await Store.DropAsync(Noon, 1, default));
        Assert.Null(await Store.FindAsync("acme", "r1", default));
        Assert.Equal(2, await Store.DropAsync(Noon, 10, default));
        Assert.NotNull(await Store.FindAsync("other", "r4", default));

        await Store.DeleteTenantAsync("other", default);
        Assert.Null(await Store.FindAsync("other", "r4", default));
    }

    private async Task<List<string>> ChainAsync(string tenant, string id, int limit = 10) => [.. (await Store.ReadChainAsync(tenant, id, limit, default)).Select(one => one.Id)];

    private ValueTask PutAsync(string tenant, string id, string? previous, DateTimeOffset? at = null) => Store.PutAsync(
        new StoredResponse
        {
            Tenant = tenant, Id = id, PreviousId = previous, CreatedAt = at ?? Noon, Input = Encoding.UTF8.GetBytes($"[\"{id}ü😀\"]"), Response = Encoding.UTF8.GetBytes($"{{\"id\":\"{id}\"}}"),
        },
        default);
}
