using Microsoft.Extensions.Hosting;

namespace MetaLlm.Storage.Sqlite;

/// <summary>
/// Opens the file as soon as the application starts, and with it brings its schema up to date: others read tables in it too, and hosted
/// services are all made before the first of them is started.
/// </summary>
/// <param name="database">Opened by being asked for.</param>
internal sealed class SqliteOpening(SqliteDatabase database) : IHostedService
{
    private readonly SqliteDatabase _database = database;

    public Task StartAsync(CancellationToken cancellationToken) => Task.FromResult(_database);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
