using System.Data.Common;
using MetaLlm.Engine.Ports;
using MetaLlm.Evaluation.Log;
using MetaLlm.Storage;
using MetaLlm.Storage.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace MetaLlm.Lab.Ope.Log;

/// <summary>Reads a tenant's log from any kind of database, a page at a time, while gateways may be writing it.</summary>
internal static class LogDatabase
{
    /// <summary>Reads a tenant's log.</summary>
    /// <param name="storage">Where it is; a file is there.</param>
    /// <param name="archive">Directory with decisions that were dropped from it; null for none.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Cancels between pages.</param>
    /// <exception cref="BadInputException">The database cannot be used, has another schema, or holds no decision of the tenant.</exception>
    /// <exception cref="IOException">The server is away, or does not let us in.</exception>
    public static async Task<DecisionLog> ReadAsync(StorageSettings storage, string? archive, string tenant, CancellationToken cancellationToken)
    {
        var services = new ServiceCollection().AddLogging();
        storage.Driver.AddServices(services, storage, reading: true);
        await using var provider = services.BuildServiceProvider();
        try
        {
            // They check the schema as they do when a host starts.
            foreach (var check in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
            {
                await check.StartingAsync(cancellationToken);
            }

            return await DecisionLogReader.ReadAsync(provider.GetRequiredService<ITenantJournal>(), archive, tenant, cancellationToken);
        }
        catch (OptionsValidationException e)
        {
            throw new BadInputException([.. e.Failures.Select(failure => $"{storage}: {failure}")]);
        }
        catch (Exception e) when (e is SchemaException or DbException)
        {
            throw new BadInputException($"{storage}: {e.Message}");
        }
        catch (EngineUnavailableException e)
        {
            throw new IOException(e.Message, e);
        }
    }
}
