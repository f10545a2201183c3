using MetaLlm.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Tests.Orleans;

public sealed class SqliteOrleansTests
{
    [Fact]
    public async Task Grain_storage_finds_its_statements_and_they_do_what_it_expects()
    {
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync();
        SqliteMigrator.Migrate(connection, "memory");

        var queries = await StoredQueries.ReadAsync(connection);

        Assert.Equal(GrainStateContract.Keys.Order(), queries.Texts.Keys.Order());
        await GrainStateContract.CheckAsync(queries);
    }
}
