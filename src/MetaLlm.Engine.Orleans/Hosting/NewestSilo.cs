using System.Data.Common;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>
/// What a silo is called: as Orleans says, and numbered after every silo that the membership table has had at its address. Orleans numbers silos by the time of their start, and takes the one with the highest
/// number for the newest of an address. One that started while the clock was ahead would bar all later ones until that time is reached.
/// </summary>
/// <param name="inner">What Orleans says.</param>
/// <param name="options">Where the membership table is.</param>
/// <param name="logger">Says when the table cannot be asked.</param>
internal sealed partial class NewestSilo(ILocalSiloDetails inner, OrleansClusterOptions options, ILogger<NewestSilo> logger) : ILocalSiloDetails
{
    private const string FindNewest = """
        SELECT max(generation) FROM orleans_silos WHERE cluster_id = $1 AND address = $2 AND port = $3
        """;

    private readonly ILogger _logger = logger;
    private readonly Lock _numbering = new();
    private SiloAddress? _address;

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <inheritdoc/>
    public string ClusterId => inner.ClusterId;

    /// <inheritdoc/>
    public string DnsHostName => inner.DnsHostName;

    /// <inheritdoc/>
    public SiloAddress GatewayAddress => inner.GatewayAddress;

    /// <inheritdoc/>
    public SiloAddress SiloAddress
    {
        get
        {
            if (Volatile.Read(ref _address) is { } known)
            {
                return known;
            }

            // Asked for first while the silo is put together, by one thread, and before anything of it runs.
            lock (_numbering)
            {
                return _address ??= Number(inner.SiloAddress);
            }
        }
    }

    private SiloAddress Number(SiloAddress byTime)
    {
        try
        {
            using var connection = new NpgsqlConnection(options.ConnectionString);
            connection.Open();
            using var command = new NpgsqlCommand(FindNewest, connection)
            {
                Parameters =
                {
                    new() { Value = options.ClusterId },
                    new() { Value = byTime.Endpoint.Address.ToString() },
                    new() { Value = byTime.Endpoint.Port },
                },
            };
            if (command.ExecuteScalar() is not int newest || newest < byTime.Generation)
            {
                return byTime;
            }

            LogAhead(newest, byTime.Generation);
            return SiloAddress.New(byTime.Endpoint, newest + 1);
        }
        catch (DbException error)
        {
            // The silo cannot join without the table either, and says so itself.
            LogUnknown(error.Message);
            return byTime;
        }
    }

    [LoggerMessage(2225, LogLevel.Warning, "A silo of this address had number {Newest}, which is not before {Number}, the number by this machine's clock: some clock was ahead, or is behind. This one takes the next number.")]
    private partial void LogAhead(int newest, int number);

    [LoggerMessage(2226, LogLevel.Warning, "The membership table cannot be asked which silos this address has had. {Reason}")]
    private partial void LogUnknown(string reason);
}
