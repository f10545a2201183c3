using System.Text;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.RequestLog;

namespace MetaLlm.TestKit.Conformance;

/// <summary>What every store of logged requests does.</summary>
/// <typeparam name="TStore">The implementation.</typeparam>
public abstract class RequestLogStoreConformance<TStore> : StoreConformance<IRequestLogStore>
    where TStore : IRequestLogStore
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [ConformanceFact]
    public async Task A_request_comes_back_as_it_was_after_reopening_and_stays_as_it_is()
    {
        await PutAsync("acme", ("r1", 0));
        await Store.PutAsync([Request("acme", "r1", 5)], default);
        await Fixture.ReopenAsync();

        var found = (await Store.FindAsync("acme", "r1", default))!;

        Assert.IsType<TStore>(Store);
        Assert.Equal(("acme", "r1", Noon, "{\"head\":\"ü\"}", "{\"body\":\"r1😀\"}"), (found.Tenant, found.Id, found.CreatedAt, found.Head, Encoding.UTF8.GetString(found.Body.Span)));
        Assert.Null(await Store.FindAsync("other", "r1", default));
    }

    [ConformanceFact]
    public async Task Lists_begin_with_the_newest_and_go_on_within_one_moment()
    {
        await PutAsync("acme", ("a", 0), ("b", 1), ("c", 1), ("d", 2));
        await PutAsync("other", ("e", 1));
        Assert.Equal(["d", "c", "b", "a"], await ListAsync());
        Assert.Equal(["c", "b"], await ListAsync(from: 1, to: 2));
        Assert.Equal(["b", "a"], await ListAsync(to: 1, before: "c"));
        Assert.Equal(["d", "c"], await ListAsync(limit: 2));
        Assert.Equal(["acme", "other"], await Store.ListTenantsAsync(default));
        Assert.True((await Store.ListAsync(new LoggedRequestQuery { Tenant = "acme", From = Noon, To = Noon.AddHours(1), Limit = 1 }, default))[0].Body.IsEmpty);
    }

    [ConformanceFact]
    public async Task What_is_old_is_dropped_for_each_tenant_and_a_tenant_is_dropped_whole()
    {
        await PutAsync("acme", ("a", 0), ("b", 1), ("c", 2));
        await PutAsync("other", ("d", 0), ("e", 9));
        Assert.Equal(1, await Store.DropAsync("acme", Noon.AddMinutes(2), 1, default));
        Assert.Equal(["c", "b"], await ListAsync());
        Assert.Equal(1, await Store.DropAsync("acme", Noon.AddMinutes(2), 10, default));
        Assert.Equal(["c"], await ListAsync());
        await Store.DeleteTenantAsync("other", default);
        Assert.Equal(["acme"], await Store.ListTenantsAsync(default));
    }

    private static LoggedRequest Request(string tenant, string id, int minutes) => new()
    {
        Tenant = tenant, Id = id, CreatedAt = Noon.AddMinutes(minutes), Head = "{\"head\":\"ü\"}", Body = Encoding.UTF8.GetBytes($"{{\"body\":\"{id}😀\"}}"),
    };

    private ValueTask PutAsync(string tenant, params (string Id, int Minutes)[] requests) => Store.PutAsync([.. requests.Select(one => Request(tenant, one.Id, one.Minutes))], default);

    private async Task<List<string>> ListAsync(int from = 0, int to = 60, string? before = null, int limit = 10) => [.. (await Store.ListAsync(
        new LoggedRequestQuery { Tenant = "acme", From = Noon.AddMinutes(from), To = Noon.AddMinutes(to), BeforeId = before, Limit = limit }, default)).Select(one => one.Id)];
}
