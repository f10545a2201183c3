using System.CommandLine;
using System.Data.Common;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Orleans;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Storage.Migrations;
using Microsoft.Extensions.Options;

namespace MetaLlm.Host;

/// <summary>
/// The command line of <c>rebuild</c>: while no host runs, gives every tenant a snapshot that this build reads, from its journal where the one that is there cannot be read. The first
/// calls after an upgrade then find it. Exit code 0 when all tenants have one, 1 when one has not or hosts are running, 2 when the options cannot be used.
/// </summary>
public static class RebuildCommand
{
    /// <summary>Creates the command.</summary>
    /// <returns>A command that reports to the invocation's output.</returns>
    public static Command Create()
    {
        var config = new Option<string>("--config") { Description = "The configuration file of a host with a silo.", HelpName = "FILE", Required = true };
        var tenants = new Option<string[]>("--tenant") { Description = "A tenant; several times for several. Default: all that the store has.", HelpName = "T" };
        var data = new Option<string?>("--data") { Description = "Directory of the database instead of the configured path." };
        var command = new Command("rebuild", "Offline: saves what every tenant has learned in this build's form, rebuilding it from the journal where need be.") { config, tenants, data };
        command.SetAction((result, cancellationToken) => RunAsync(
            new MetaLlmHostOptions { ConfigFile = result.GetRequiredValue(config), DataDirectory = result.GetValue(data) },
            result.GetValue(tenants) ?? [],
            result.InvocationConfiguration,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        MetaLlmHostOptions options, string[] tenants, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        try
        {
            using var file = ConfigurationFile.Open(options.ConfigFile);
            var settings = SettingsReader.Read<HostSettings>(
                file.Configuration, new SettingsContext { Variable = options.Variable, DataDirectory = options.DataDirectory, SourceError = () => file.Error });
            if (settings.Role == NodeRole.Gateway)
            {
                throw new SettingsException([new SettingsError("--config", "names the configuration of a gateway without a silo; it must be one with a silo.")]);
            }

            var storage = settings.Storage;
            if (await storage.Driver.CountSilosAsync(storage, cancellationToken) is > 0 and var silos)
            {
                await console.Error.WriteLineAsync($"metallm: {silos} silos serve from the database. Stop all hosts first: an older one would discard what this build saves.");
                return ServeCommand.StartFailed;
            }

            IReadOnlyList<string> wanted = tenants.Length > 0 ? tenants : [.. (await storage.Driver.ListTenantsAsync(storage, cancellationToken)).Select(TenantOwner.TenantOf).Distinct(StringComparer.Ordinal)];
            return await RebuildAsync(settings, file.Configuration, wanted, console, cancellationToken);
        }
        catch (SettingsException error)
        {
            await console.Error.WriteLineAsync(error.Message);
            return ServeCommand.ConfigurationFailed;
        }
        catch (Exception error) when (error is SchemaException or DbException or OptionsValidationException or IOException)
        {
            await console.Error.WriteLineAsync($"metallm: {error.Message}");
            return ServeCommand.StartFailed;
        }
    }

    private static async Task<int> RebuildAsync(
        HostSettings settings, IConfiguration configuration, IReadOnlyList<string> tenants, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        using var host = BuildSilo(settings, configuration);
        await host.StartAsync(cancellationToken);
        var failed = 0;
        try
        {
            var engine = host.Services.GetRequiredService<OrleansTenantEngine>();
            foreach (var tenant in tenants)
            {
                try
                {
                    await engine.RebuildAsync(tenant, cancellationToken);
                    await console.Output.WriteLineAsync($"saved    {tenant}");
                }
                catch (Exception error) when (error is UnknownTenantException or InvalidDataException or EmbeddingModelMismatchException or EngineUnavailableException or FencedException)
                {
                    failed++;
                    await console.Output.WriteLineAsync($"failed   {tenant}: {error.Message}");
                }
            }
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }

        await console.Output.WriteLineAsync($"{tenants.Count - failed} saved, {failed} failed");
        return failed == 0 ? 0 : ServeCommand.StartFailed;
    }

    /// <summary>A cluster of one silo, beside that of the hosts: it shares their journal and their snapshots, and nobody finds it.</summary>
    private static IHost BuildSilo(HostSettings settings, IConfiguration configuration)
    {
        var ports = FreePorts.Find(2);
        var cluster = settings.Cluster.Options;
        (cluster.Membership, cluster.ClusterId, cluster.Tls) = (ClusterMembership.Localhost, $"rebuild-{Guid.NewGuid():N}", null);
        (cluster.SiloPort, cluster.GatewayPort) = (ports[0], ports[1]);
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        HostLogging.Add(builder.Logging, configuration);
        builder.Services.AddMetrics();
        settings.Runtime.Silo.PropagateSpans = false;
        NodeSetup.Add(builder, settings);
        return builder.Build();
    }
}
