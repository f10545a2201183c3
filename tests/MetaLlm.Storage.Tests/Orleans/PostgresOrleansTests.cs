using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Npgsql;

namespace MetaLlm.Storage.Tests.Orleans;

public sealed class PostgresOrleansTests : IAsyncLifetime
{
    private const string Cluster = "cluster";
    private const int Active = 3;
    private const int Dead = 6;

    private static readonly string[] MembershipKeys =
    [
        "GatewaysQueryKey", "MembershipReadRowKey", "MembershipReadAllKey", "InsertMembershipVersionKey", "UpdateIAmAlivetimeKey",
        "InsertMembershipKey", "UpdateMembershipKey", "DeleteMembershipTableEntriesKey", "CleanupDefunctSiloEntriesKey",
    ];

    private static readonly DateTime Noon = new(2026, 1, 5, 12, 0, 0, DateTimeKind.Utc);

    private string _database = "";
    private StoredQueries _queries = null!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Unavailable is not null)
        {
            return;
        }

        _database = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        _queries = await ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        if (PostgresServer.Unavailable is not null)
        {
            return;
        }

        await _queries.CloseAsync();
        await (await PostgresServer.SharedAsync()).DropDatabaseAsync(_database);
    }

    [PostgresFact]
    public void Every_statement_that_the_providers_look_up_is_there()
    {
        Assert.Equal(MembershipKeys.Concat(GrainStateContract.Keys).Order(), _queries.Texts.Keys.Order());
    }

    [PostgresFact]
    public Task Grain_storage_finds_what_it_expects() => GrainStateContract.CheckAsync(_queries);

    [PostgresFact]
    public async Task A_cluster_begins_at_version_zero_once()
    {
        Assert.True(await BeginAsync(_queries));
        Assert.False(await BeginAsync(_queries));
        var alone = Assert.Single(await _queries.RunAsync("MembershipReadAllKey", ("DeploymentId", Cluster)));
        Assert.Equal((0, null), (alone["Version"], alone["StartTime"]));
        Assert.Empty(await _queries.RunAsync("MembershipReadAllKey", ("DeploymentId", "another")));
    }

    [PostgresFact]
    public async Task A_silo_is_added_once_and_only_by_a_caller_that_knows_the_version()
    {
        await BeginAsync(_queries);

        Assert.False(await InsertAsync(_queries, 1, version: 5));
        Assert.True(await InsertAsync(_queries, 1, version: 0));
        Assert.False(await InsertAsync(_queries, 2, version: 0));
        Assert.False(await InsertAsync(_queries, 1, version: 1));
        Assert.True(await InsertAsync(_queries, 2, version: 1));

        var all = await _queries.RunAsync("MembershipReadAllKey", ("DeploymentId", Cluster));
        Assert.Equal(2, all.Count);
        Assert.All(all, row => Assert.Equal(2, row["Version"]));
        var one = Assert.Single(await _queries.RunAsync("MembershipReadRowKey", [("DeploymentId", Cluster), .. Silo(1)]));
        Assert.Equal(
            ("127.0.0.1", 1001, 1, "silo-1", "host", Active, 30001, null),
            (one["Address"], one["Port"], one["Generation"], one["SiloName"], one["HostName"], one["Status"], one["ProxyPort"], one["SuspectTimes"]));
        Assert.Equal((Noon, Noon), ((DateTime)one["StartTime"]!, (DateTime)one["IAmAliveTime"]!));
        var unknown = Assert.Single(await _queries.RunAsync("MembershipReadRowKey", [("DeploymentId", Cluster), .. Silo(9)]));
        Assert.Equal((2, null), (unknown["Version"], unknown["StartTime"]));
    }

    [PostgresFact]
    public async Task A_silo_changes_only_for_a_caller_that_knows_the_version_and_signs_of_life_change_none()
    {
        await BeginAsync(_queries);
        await InsertAsync(_queries, 1, version: 0);

        Assert.False(await UpdateAsync(_queries, 1, Dead, "127.0.0.1:1@1,2026", version: 0));
        Assert.False(await UpdateAsync(_queries, 9, Dead, null, version: 1));
        Assert.True(await UpdateAsync(_queries, 1, Dead, "127.0.0.1:1@1,2026", version: 1));
        await _queries.RunAsync("UpdateIAmAlivetimeKey", [("DeploymentId", Cluster), .. Silo(1), ("IAmAliveTime", Noon.AddMinutes(2))]);

        var row = Assert.Single(await _queries.RunAsync("MembershipReadAllKey", ("DeploymentId", Cluster)));
        Assert.Equal((2, Dead, "127.0.0.1:1@1,2026"), (row["Version"], row["Status"], row["SuspectTimes"]));
        Assert.Equal(Noon.AddMinutes(2), row["IAmAliveTime"]);
    }

    [PostgresFact]
    public async Task Gateways_are_the_silos_of_a_status_that_take_clients()
    {
        await BeginAsync(_queries);
        await InsertAsync(_queries, 1, version: 0);
        await InsertAsync(_queries, 2, version: 1, proxyPort: 0);
        await InsertAsync(_queries, 3, version: 2, status: Dead);

        var gateway = Assert.Single(await _queries.RunAsync("GatewaysQueryKey", ("DeploymentId", Cluster), ("Status", Active)));
        Assert.Equal(("127.0.0.1", 30001, 1), (gateway["Address"], gateway["ProxyPort"], gateway["Generation"]));
    }

    [PostgresFact]
    public async Task Old_entries_of_silos_that_are_not_active_are_cleaned_up()
    {
        await BeginAsync(_queries);
        await InsertAsync(_queries, 1, version: 0);
        await InsertAsync(_queries, 2, version: 1, status: Dead);
        await InsertAsync(_queries, 3, version: 2, status: Dead, alive: Noon.AddHours(2));

        await _queries.RunAsync("CleanupDefunctSiloEntriesKey", ("DeploymentId", Cluster), ("IAmAliveTime", Noon.AddHours(1)));

        var left = await _queries.RunAsync("MembershipReadAllKey", ("DeploymentId", Cluster));
        Assert.Equal([1, 3], left.Select(row => (int)row["Generation"]!).Order());
    }

    [PostgresFact]
    public async Task A_cluster_can_be_deleted_whole()
    {
        await BeginAsync(_queries);
        await InsertAsync(_queries, 1, version: 0);

        await _queries.RunAsync("DeleteMembershipTableEntriesKey", ("DeploymentId", Cluster));

        Assert.Empty(await _queries.RunAsync("MembershipReadAllKey", ("DeploymentId", Cluster)));
        Assert.True(await BeginAsync(_queries));
    }

    [PostgresFact]
    public async Task Of_many_changes_at_one_version_exactly_one_is_made()
    {
        await BeginAsync(_queries);

        var made = await Task.WhenAll(Enumerable.Range(1, 8).Select(silo => Task.Run(async () =>
        {
            var other = await ConnectAsync();
            var inserted = await InsertAsync(other, silo, version: 0);
            await other.CloseAsync();
            return inserted;
        })));

        Assert.Single(made, true);
    }

    private static (string, object?)[] Silo(int number) => [("Address", "127.0.0.1"), ("Port", 1000 + number), ("Generation", number)];

    private static async Task<bool> BeginAsync(StoredQueries queries) =>
        Truth(await queries.RunAsync("InsertMembershipVersionKey", ("DeploymentId", Cluster)));

    private static async Task<bool> InsertAsync(
        StoredQueries queries, int number, int version, int status = Active, int? proxyPort = null, DateTime? alive = null) =>
        Truth(await queries.RunAsync(
            "InsertMembershipKey",
            [
                ("DeploymentId", Cluster), ("IAmAliveTime", alive ?? Noon), ("SiloName", $"silo-{number}"), ("HostName", "host"), .. Silo(number),
                ("StartTime", Noon), ("Status", status), ("ProxyPort", proxyPort ?? 30000 + number), ("Version", version),
            ]));

    private static async Task<bool> UpdateAsync(StoredQueries queries, int number, int status, string? suspects, int version) =>
        Truth(await queries.RunAsync(
            "UpdateMembershipKey",
            [
                ("DeploymentId", Cluster), .. Silo(number), ("IAmAliveTime", Noon), ("Status", status), ("SuspectTimes", suspects), ("Version", version),
            ]));

    /// <summary>The provider takes the one column of the one row for a truth value.</summary>
    private static bool Truth(IReadOnlyList<Dictionary<string, object?>> rows) =>
        Convert.ToBoolean(Assert.Single(Assert.Single(rows)).Value, System.Globalization.CultureInfo.InvariantCulture);

    private async Task<StoredQueries> ConnectAsync()
    {
        var connection = new NpgsqlConnection(_database);
        await connection.OpenAsync();
        return await StoredQueries.ReadAsync(connection);
    }
}
