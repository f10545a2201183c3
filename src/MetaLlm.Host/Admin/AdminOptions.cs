using System.CommandLine;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Host.Admin;

/// <summary>Which gateway is managed, and with which key; the options of every verb of management.</summary>
internal sealed class AdminOptions
{
    private const string DefaultUrl = "http://127.0.0.1:8080";
    public const string DefaultVariable = "METALLM_ADMIN_KEY";

    private readonly Option<string> _url = new("--url")
    {
        Description = $"Address of the gateway. Default: {DefaultUrl}",
        HelpName = "URL",
        DefaultValueFactory = _ => DefaultUrl,
    };

    private readonly Option<string> _variable = new("--key-env")
    {
        Description = $"Environment variable that holds the admin key. Default: {DefaultVariable}",
        HelpName = "NAME",
        DefaultValueFactory = _ => DefaultVariable,
    };

    /// <summary>Adds the options to a verb, and says what it does. Exit code 0 when it is done, 1 when the gateway refuses or does not answer, 2 when the options cannot be used.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="run">What it does; returns the exit code.</param>
    public Command Complete(Command command, Func<AdminClient, ParseResult, TextWriter, CancellationToken, Task<int>> run)
    {
        command.Add(_url);
        command.Add(_variable);
        command.SetAction(async (result, cancellationToken) =>
        {
            var console = result.InvocationConfiguration;
            try
            {
                using var client = new AdminClient(result.GetRequiredValue(_url), result.GetRequiredValue(_variable));
                return await run(client, result, console.Output, cancellationToken);
            }
            catch (SettingsException e)
            {
                await console.Error.WriteLineAsync(e.Message);
                return ServeCommand.ConfigurationFailed;
            }
            catch (AdminException e)
            {
                await console.Error.WriteLineAsync($"metallm: {e.Message}");
                return ServeCommand.StartFailed;
            }
        });
        return command;
    }

    /// <summary>As the other one, for a verb whose answer is printed as it comes.</summary>
    public Command Complete(Command command, Func<AdminClient, ParseResult, CancellationToken, Task<string>> run) => Complete(command, async (client, result, output, cancellationToken) =>
    {
        await output.WriteLineAsync((await run(client, result, cancellationToken)).TrimEnd());
        return 0;
    });
}
