using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit.Conformance;

/// <summary>What every store of files does.</summary>
/// <typeparam name="TStore">The implementation.</typeparam>
public abstract class FileStoreConformance<TStore> : StoreConformance<IFileStore>
    where TStore : IFileStore
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [ConformanceFact]
    public async Task A_file_is_there_once_it_is_whole_for_its_tenant_alone_and_after_reopening()
    {
        Assert.IsType<TStore>(Store);
        var file = File("f1", 0);
        Assert.True(await Store.BeginAsync(file, long.MaxValue, default));
        await Store.AppendAsync("acme", "f1", 0, new byte[] { 1, 2 }, default);
        Assert.Null(await Store.FindAsync("acme", "f1", default));
        Assert.Null(await Store.ReadAsync("acme", "f1", 0, default));
        await Store.AppendAsync("acme", "f1", 1, new byte[] { 3 }, default);
        Assert.True(await Store.EndAsync("acme", "f1", 3, long.MaxValue, default));
        await Fixture.ReopenAsync();

        Assert.Equal(file with { Bytes = 3 }, await Store.FindAsync("acme", "f1", default));
        Assert.Equal([1, 2], await Store.ReadAsync("acme", "f1", 0, default));
        Assert.Equal([3], await Store.ReadAsync("acme", "f1", 1, default));
        Assert.Null(await Store.ReadAsync("acme", "f1", 2, default));
        Assert.Null(await Store.FindAsync("other", "f1", default));
        Assert.Null(await Store.ReadAsync("other", "f1", 0, default));
        Assert.False(await Store.DeleteAsync("other", "f1", default));
        Assert.Empty(await Store.ListAsync("other", null, null, true, 10, default));
    }

    [ConformanceFact]
    public async Task A_file_that_is_whole_takes_no_parts_and_one_that_was_never_begun_takes_none()
    {
        await PutAsync(File("f1", 0), 7);
        await Store.AppendAsync("acme", "f1", 0, new byte[] { 9 }, default);
        await Store.AppendAsync("acme", "f2", 0, new byte[] { 9 }, default);
        Assert.Equal([7], await Store.ReadAsync("acme", "f1", 0, default));
        Assert.False(await Store.EndAsync("acme", "f1", 2, long.MaxValue, default));
        Assert.False(await Store.EndAsync("acme", "f2", 1, long.MaxValue, default));
    }

    [ConformanceFact]
    public async Task Files_are_listed_in_pages_by_purpose_and_from_either_end()
    {
        await PutAsync(File("a", 1), 1);
        await PutAsync(File("c", 0), 1);
        await PutAsync(File("b", 0) with { Purpose = "batch_output" }, 1);
        Assert.True(await Store.BeginAsync(File("d", 2), long.MaxValue, default));
        Assert.Equal(["a", "c", "b"], await ListAsync(null, null, true, 10));
        Assert.Equal(["b", "c", "a"], await ListAsync(null, null, false, 10));
        Assert.Equal(["a", "c"], await ListAsync(null, null, true, 2));
        Assert.Equal(["b"], await ListAsync(null, "c", true, 2));
        Assert.Equal(["a"], await ListAsync(null, "c", false, 2));
        Assert.Equal(["a", "c"], await ListAsync("batch", null, true, 10));
        Assert.Empty(await ListAsync(null, "nowhere", true, 10));
    }

    [ConformanceFact]
    public async Task What_a_tenants_files_take_is_known_and_goes_with_them()
    {
        await PutAsync(File("a", 0), 1, 2, 3);
        await PutAsync(File("b", 0), 4);
        Assert.True(await Store.BeginAsync(File("c", 0), long.MaxValue, default));
        await PutAsync(File("a", 0) with { Tenant = "other" }, 5);
        Assert.Equal(new FileUse(3, 4), await Store.MeasureAsync("acme", default));
        Assert.True(await Store.DeleteAsync("acme", "a", default));
        Assert.False(await Store.DeleteAsync("acme", "a", default));
        Assert.Equal(new FileUse(2, 1), await Store.MeasureAsync("acme", default));
        Assert.Null(await Store.ReadAsync("acme", "a", 0, default));
        await Store.DeleteTenantAsync("acme", default);
        Assert.Equal(new FileUse(0, 0), await Store.MeasureAsync("acme", default));
        Assert.Equal([5], await Store.ReadAsync("other", "a", 0, default));
    }

    [ConformanceFact]
    public async Task Of_many_that_come_at_once_no_more_are_begun_or_become_whole_than_a_tenant_has_room_for()
    {
        const int most = 5;
        const long bytes = 25;
        await PutAsync(File("a", 0) with { Tenant = "other" }, new byte[100]);
        await PutAsync(File("a", 0), 1, 2, 3, 4);
        var begun = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () => await Store.BeginAsync(File($"f{i}", i), most, default))));
        Assert.Equal(most - 1, begun.Count(one => one));
        var ids = begun.Select((one, i) => (Begun: one, Id: $"f{i}")).Where(one => one.Begun).Select(one => one.Id).ToList();
        var ended = await Task.WhenAll(ids.Select(id => Task.Run(async () => await Store.EndAsync("acme", id, 10, bytes, default))));
        Assert.Equal(2, ended.Count(one => one));
        Assert.Equal(new FileUse(most, 24), await Store.MeasureAsync("acme", default));
        Assert.Equal(3, (await ListAsync(null, null, true, 100)).Count());

        // Those without room are there to be deleted, or to end smaller.
        Assert.True(await Store.EndAsync("acme", ids[ended.ToList().IndexOf(false)], 1, bytes, default));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Store.BeginAsync(File("none", 0), 0, default));

        // Once is no proof of a race that is lost now and then.
        for (var round = 0; round < 30; round++)
        {
            var files = Enumerable.Range(0, 8).Select(i => File($"f{i}", i) with { Tenant = $"tenant-{round}" }).ToList();
            Assert.Single(await Task.WhenAll(files.Select(file => Task.Run(async () => await Store.BeginAsync(file, 1, default)))), one => one);
        }
    }

    [ConformanceFact]
    public async Task Old_files_go_and_those_that_never_became_whole_go_earlier()
    {
        await PutAsync(File("old", 0), 1);
        await PutAsync(File("young", 10), 2);
        Assert.True(await Store.BeginAsync(File("broken", 5), long.MaxValue, default));
        await Store.AppendAsync("acme", "broken", 0, new byte[] { 3 }, default);
        Assert.Equal(1, await Store.DropAsync(Noon.AddMinutes(1), Noon.AddMinutes(6), 1, default));
        Assert.Equal(1, await Store.DropAsync(Noon.AddMinutes(1), Noon.AddMinutes(6), 10, default));
        Assert.Equal(0, await Store.DropAsync(Noon.AddMinutes(1), Noon.AddMinutes(6), 10, default));
        Assert.Equal(["young"], await ListAsync(null, null, true, 10));
        Assert.Equal(1, (await Store.MeasureAsync("acme", default)).Files);
    }

    private static StoredFile File(string id, int minutes) => new() { Tenant = "acme", Id = id, Purpose = "batch", Name = "ü.jsonl", CreatedAt = Noon.AddMinutes(minutes) };

    private async Task PutAsync(StoredFile file, params byte[] content)
    {
        Assert.True(await Store.BeginAsync(file, long.MaxValue, default));
        await Store.AppendAsync(file.Tenant, file.Id, 0, content, default);
        Assert.True(await Store.EndAsync(file.Tenant, file.Id, content.Length, long.MaxValue, default));
    }

    private async Task<IEnumerable<string>> ListAsync(string? purpose, string? after, bool newestFirst, int limit) =>
        (await Store.ListAsync("acme", purpose, after, newestFirst, limit, default)).Select(file => file.Id);
}
