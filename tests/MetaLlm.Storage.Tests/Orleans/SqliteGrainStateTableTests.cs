using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Sqlite;
using MetaLlm.TestKit.Stores;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Tests.Orleans;

public sealed class SqliteGrainStateTableTests
{
    private static readonly GrainStateKey Key = new(1234, -5, 0, long.MinValue, "some key", "snapshot", "service");

    [Fact]
    public async Task A_state_is_replaced_only_by_who_knows_its_version()
    {
        await using var store = new SqliteStoreFixture();
        var table = new SqliteGrainStateTable(store.Database);
        Assert.Null(await table.ReadAsync(Key, default));
        Assert.Null(await table.WriteAsync(Key, [9], 1, default));
        Assert.Equal(1, await table.WriteAsync(Key, [1, 0, 255], null, default));
        Assert.Null(await table.WriteAsync(Key, [9], null, default));
        Assert.Null(await table.WriteAsync(Key, [9], 2, default));
        Assert.Equal(2, await table.WriteAsync(Key, [2], 1, default));
        var found = await table.ReadAsync(Key, default);
        Assert.Equal([2], found!.Payload);
        Assert.Equal(2, found.Version);

        // Cleared: the version goes on, the payload is gone.
        Assert.Equal(3, await table.WriteAsync(Key, null, 2, default));
        Assert.Equal(new StoredGrainState(null, 3), await table.ReadAsync(Key, default));
        Assert.Equal(4, await table.WriteAsync(Key, [4], 3, default));

        foreach (var other in (GrainStateKey[])[Key with { IdHash = 0 }, Key with { IdText = "SOME KEY" }, Key with { ServiceId = "x" }, Key with { TypeName = "x" }])
        {
            Assert.Null(await table.ReadAsync(other, default));
            Assert.Equal(1, await table.WriteAsync(other, [6], null, default));
        }

        Assert.Equal(4, (await table.ReadAsync(Key, default))!.Version);
    }

    [Fact]
    public async Task It_reads_and_goes_on_with_what_the_stored_statements_wrote_and_they_with_what_it_wrote()
    {
        await using var store = new SqliteStoreFixture();
        var table = new SqliteGrainStateTable(store.Database);
        await using var connection = new SqliteConnection($"Data Source={store.File};Pooling=False");
        await connection.OpenAsync();
        var queries = await StoredQueries.ReadAsync(connection);
        (string, object?)[] name =
        [
            ("GrainIdHash", Key.IdHash), ("GrainIdN0", Key.IdN0), ("GrainIdN1", Key.IdN1), ("GrainTypeHash", Key.TypeHash), ("GrainTypeString", Key.TypeName),
            ("GrainIdExtensionString", Key.IdText), ("ServiceId", Key.ServiceId),
        ];

        await queries.RunAsync("WriteToStorageKey", [.. name, ("GrainStateVersion", null), ("PayloadBinary", new byte[] { 7 })]);
        var found = await table.ReadAsync(Key, default);
        Assert.Equal([7], found!.Payload);
        Assert.Equal(1, found.Version);

        Assert.Equal(2, await table.WriteAsync(Key, [8], 1, default));
        var row = Assert.Single(await queries.RunAsync("ReadFromStorageKey", name));
        Assert.Equal([8], Assert.IsType<byte[]>(row["PayloadBinary"]));
        Assert.Equal(2L, row["Version"]);
    }
}
