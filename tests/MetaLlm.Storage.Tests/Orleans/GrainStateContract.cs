using System.Globalization;

namespace MetaLlm.Storage.Tests.Orleans;

/// <summary>What Orleans' ADO.NET grain storage 10.4 expects of its four statements, on every kind of database.</summary>
internal static class GrainStateContract
{
    /// <summary>Keys that the provider looks up when it starts.</summary>
    public static IReadOnlyList<string> Keys { get; } = ["WriteToStorageKey", "ReadFromStorageKey", "ClearStorageKey", "DeleteStorageKey"];

    public static async Task CheckAsync(StoredQueries queries)
    {
        var grain = Grain("some key");
        Assert.Empty(await queries.RunAsync("ReadFromStorageKey", grain));
        Assert.Null(await ChangeAsync(queries, "ClearStorageKey", grain, null));

        // The first write gives version 1, each later one the next; whoever does not know the version in force gets no row.
        Assert.Equal(1, await WriteAsync(queries, grain, null, [1, 0, 255]));
        Assert.Null(await WriteAsync(queries, grain, null, [9]));
        Assert.Null(await WriteAsync(queries, grain, 7, [9]));
        Assert.Equal(2, await WriteAsync(queries, grain, 1, [2]));
        Assert.Null(await WriteAsync(queries, grain, 1, [9]));
        Assert.Null(await WriteAsync(queries, Grain("never written"), 1, [9]));

        var read = Assert.Single(await queries.RunAsync("ReadFromStorageKey", grain));
        Assert.Equal(new byte[] { 2 }, Assert.IsType<byte[]>(read["PayloadBinary"]));
        Assert.Equal(2, Number(read["Version"]));

        // Cleared: the version goes on, the payload is gone.
        Assert.Null(await ChangeAsync(queries, "ClearStorageKey", grain, 1));
        Assert.Equal(3, await ChangeAsync(queries, "ClearStorageKey", grain, 2));
        read = Assert.Single(await queries.RunAsync("ReadFromStorageKey", grain));
        Assert.Equal((null, 3), (read["PayloadBinary"], Number(read["Version"])));

        // Deleted: the next version is told, and the grain is new again.
        Assert.Null(await ChangeAsync(queries, "DeleteStorageKey", grain, 2));
        Assert.Equal(4, await ChangeAsync(queries, "DeleteStorageKey", grain, 3));
        Assert.Empty(await queries.RunAsync("ReadFromStorageKey", grain));
        Assert.Equal(1, await WriteAsync(queries, grain, null, [5]));

        // Every part of a grain's name tells it from others; no key text and another one do too.
        foreach (var other in ((string, object?)[][])[Grain(null), Grain("SOME KEY"), Grain("some key", "other-service"), Grain("some key", type: "other")])
        {
            Assert.Empty(await queries.RunAsync("ReadFromStorageKey", other));
            Assert.Equal(1, await WriteAsync(queries, other, null, [6]));
        }

        Assert.Equal(2, await WriteAsync(queries, grain, 1, [7]));
    }

    private static (string, object?)[] Grain(string? key, string service = "service", string type = "tenant-policy") =>
    [
        ("GrainIdHash", 1234), ("GrainIdN0", 0L), ("GrainIdN1", long.MinValue), ("GrainTypeHash", -5), ("GrainTypeString", type),
        ("GrainIdExtensionString", key), ("ServiceId", service),
    ];

    private static async Task<int?> WriteAsync(StoredQueries queries, (string, object?)[] grain, int? version, byte[] payload)
    {
        var rows = await queries.RunAsync("WriteToStorageKey", [.. grain, ("GrainStateVersion", version), ("PayloadBinary", payload)]);
        return rows.Count == 0 ? null : Number(Assert.Single(rows)["NewGrainStateVersion"]);
    }

    private static async Task<int?> ChangeAsync(StoredQueries queries, string key, (string, object?)[] grain, int? version)
    {
        // The provider takes the first column, whatever its name.
        var rows = await queries.RunAsync(key, [.. grain, ("GrainStateVersion", version)]);
        return rows.Count == 0 ? null : Number(Assert.Single(rows).Values.First());
    }

    private static int Number(object? value) => Convert.ToInt32(value, CultureInfo.InvariantCulture);
}
