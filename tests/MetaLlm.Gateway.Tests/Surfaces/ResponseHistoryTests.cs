using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Responses;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces.Responses;
using Microsoft.Extensions.Time.Testing;
using ErrorCode = MetaLlm.Gateway.Http.ErrorCode;

namespace MetaLlm.Gateway.Tests.Surfaces;

/// <summary>Responses are there for as long as the configuration says, and no longer.</summary>
public sealed class ResponseHistoryTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly MemoryStore _store = new();

    [Fact]
    public async Task A_response_is_kept_for_its_days_and_then_neither_found_nor_gone_on_from()
    {
        var history = Open(days: 2);
        await KeepAsync(history, "r1");
        _time.Advance(TimeSpan.FromDays(2));
        Assert.Equal("r1", (await history.FindAsync("acme", "r1", default)).Id);
        foreach (var items in await history.ReadAsync("acme", "r1", default))
        {
            items.Dispose();
        }

        _time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal(ErrorCode.ResponseNotFound, (await Assert.ThrowsAsync<ApiException>(() => history.FindAsync("acme", "r1", default).AsTask())).Error.Code);
        Assert.Equal("previous_response_id", (await Assert.ThrowsAsync<ApiException>(() => history.ReadAsync("acme", "r1", default).AsTask())).Error.Param);
    }

    [Fact]
    public async Task What_is_old_is_swept_all_of_it_and_what_is_not_stays()
    {
        var history = Open(days: 1);
        for (var i = 0; i < 1203; i++)
        {
            await KeepAsync(history, $"r{i}");
        }

        _time.Advance(TimeSpan.FromDays(1.5));
        await KeepAsync(history, "new");
        Assert.Equal(1203, await history.SweepAsync(default));
        Assert.Equal(["new"], _store.Kept.Select(one => one.Id));
    }

    [Fact]
    public async Task With_0_days_nothing_is_kept_and_what_was_goes()
    {
        await KeepAsync(Open(days: 1), "r1");
        _time.Advance(TimeSpan.FromSeconds(1));
        var history = Open(days: 0);
        Assert.False(history.IsOpen);
        Assert.Equal(ErrorCode.ResponseNotFound, (await Assert.ThrowsAsync<ApiException>(() => history.FindAsync("acme", "r1", default).AsTask())).Error.Code);
        Assert.Equal(1, await history.SweepAsync(default));
        Assert.Empty(_store.Kept);
    }

    [Fact]
    public async Task A_process_without_a_store_keeps_nothing()
    {
        var history = new ResponseHistory(new SettingsStore(new MetaLlmSettings()), _time);
        Assert.False(history.IsOpen);
        Assert.Equal(0, await history.SweepAsync(default));
    }

    private ResponseHistory Open(int days) => new(new SettingsStore(new MetaLlmSettings { Responses = new ResponsesSettings { Days = days } }), _time, _store);

    private ValueTask KeepAsync(ResponseHistory history, string id) => history.KeepAsync(
        new StoredResponse { Tenant = "acme", Id = id, PreviousId = null, CreatedAt = _time.GetUtcNow(), Input = "[]"u8.ToArray(), Response = """{"output":[]}"""u8.ToArray() }, default);

    private sealed class MemoryStore : IResponseStore
    {
        public List<StoredResponse> Kept { get; } = [];

        public ValueTask PutAsync(StoredResponse response, CancellationToken cancellationToken)
        {
            Kept.Add(response);
            return default;
        }

        public ValueTask<StoredResponse?> FindAsync(string tenant, string id, CancellationToken cancellationToken) => new(Kept.Find(one => one.Tenant == tenant && one.Id == id));

        public ValueTask<IReadOnlyList<StoredResponse>> ReadChainAsync(string tenant, string id, int limit, CancellationToken cancellationToken) =>
            new([.. Kept.Where(one => one.Tenant == tenant && one.Id == id)]);

        public ValueTask<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken) => new(Kept.RemoveAll(one => one.Tenant == tenant && one.Id == id) > 0);

        public ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
        {
            var old = Kept.Where(one => one.CreatedAt < before).Take(limit).ToHashSet();
            return new(Kept.RemoveAll(old.Contains));
        }

        public ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
        {
            Kept.RemoveAll(one => one.Tenant == tenant);
            return default;
        }
    }
}
