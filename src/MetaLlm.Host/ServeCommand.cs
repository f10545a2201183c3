using System.CommandLine;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Migrations;
using Microsoft.Extensions.Options;

namespace MetaLlm.Host;

/// <summary>The command line of <c>serve</c>: start a gateway and run it until it is asked to stop.</summary>
public static class ServeCommand
{
    /// <summary>Exit code when the configuration or the command line cannot be used.</summary>
    public const int ConfigurationFailed = 2;

    /// <summary>Exit code when the configuration is sound but the host cannot start: a port in use, a database of another version.</summary>
    public const int StartFailed = 1;

    private const string DefaultConfig = "config/simulator.json";

    /// <summary>Adds the options and the action of <c>serve</c> to a command.</summary>
    /// <param name="command">The command.</param>
    public static void Configure(Command command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var config = new Option<string?>("--config") { Description = $"Configuration file. Default: {DefaultConfig}, which needs no key and no network." };
        var listen = new Option<string[]>("--listen") { Description = "Address to listen on instead of the configured ones, such as http://0.0.0.0:8080." };
        var data = new Option<string?>("--data") { Description = "Directory of the database instead of the configured path." };
        command.Add(config);
        command.Add(listen);
        command.Add(data);
        command.SetAction((result, cancellationToken) => RunAsync(
            new MetaLlmHostOptions
            {
                ConfigFile = result.GetValue(config) ?? FindDefaultConfig(),
                Listen = result.GetValue(listen) is { Length: > 0 } addresses ? addresses : null,
                DataDirectory = result.GetValue(data),
            },
            cancellationToken));
    }

    private static async Task<int> RunAsync(MetaLlmHostOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var host = await MetaLlmHost.BuildAsync(options, cancellationToken);
            await host.StartAsync(cancellationToken);
            StartupReport.Write(host, Console.Out);
            HostConsole.Tell(host, Console.Out);
            await Console.Out.FlushAsync(CancellationToken.None);
            await WaitAsync(host, cancellationToken);
            return 0;
        }
        catch (SettingsException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ConfigurationFailed;
        }
        catch (Exception e) when (e is IOException or SocketException or EngineUnavailableException or EmbeddingModelMismatchException or SchemaException or OptionsValidationException)
        {
            await Console.Error.WriteLineAsync($"MetaLlm cannot start: {e.Message}");
            return StartFailed;
        }
    }

    private static async Task WaitAsync(MetaLlmHost host, CancellationToken cancellationToken)
    {
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.Register(() => stop.TrySetResult()))
        {
            await stop.Task;
        }

        // Who asks again does not want to wait for running calls.
        using var impatient = new CancellationTokenSource();
        void Hurry(PosixSignalContext signal)
        {
            signal.Cancel = true;
            impatient.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Hurry);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hurry);
        await host.StopAsync(impatient.Token);
    }

    /// <summary>The default configuration of the working directory, else the one that came with the binaries.</summary>
    private static string FindDefaultConfig() =>
        File.Exists(DefaultConfig) ? DefaultConfig : Path.Combine(AppContext.BaseDirectory, DefaultConfig);
}
