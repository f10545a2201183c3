using System.CommandLine;
using System.Net.Http.Headers;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Host;

/// <summary>
/// The command line of <c>relearn</c>: asks a running gateway to rebuild a tenant's policy from the journal. The tenant's owner does it, so that nobody else writes. Exit code 0 when it is
/// done, 1 when the gateway refuses or does not answer, 2 when the options cannot be used.
/// </summary>
public static class RelearnCommand
{
    private const string DefaultUrl = "http://127.0.0.1:8080";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Creates the command.</summary>
    /// <returns>A command that reports to the invocation's output.</returns>
    public static Command Create()
    {
        var tenant = new Option<string>("--tenant") { Description = "The tenant.", HelpName = "T", Required = true };
        var url = new Option<string>("--url") { Description = $"Address of the gateway. Default: {DefaultUrl}", HelpName = "URL", DefaultValueFactory = _ => DefaultUrl };
        var config = new Option<string?>("--config") { Description = "The gateway's configuration file, whose admin.keyEnvironment or admin.keyFile holds the key.", HelpName = "FILE" };
        var variable = new Option<string?>("--key-env") { Description = "Environment variable that holds the admin key, instead of --config.", HelpName = "NAME" };
        var command = new Command("relearn", "Rebuilds a tenant's policy from the decisions and rewards of its journal, under the configuration in force.") { tenant, url, config, variable };
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetRequiredValue(tenant),
            result.GetRequiredValue(url),
            () => Key(result.GetValue(config), result.GetValue(variable)),
            result.InvocationConfiguration,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string tenant, string url, Func<string> key, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        try
        {
            if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            {
                throw Unusable("--url", $"is '{url}'; it must be an http or https address.");
            }

            var path = new Uri(address, $"/v1/tenants/{Uri.EscapeDataString(tenant)}/relearn");
            return await AskAsync(path, key(), console.Output, cancellationToken);
        }
        catch (SettingsException error)
        {
            await console.Error.WriteLineAsync(error.Message);
            return ServeCommand.ConfigurationFailed;
        }
    }

    private static async Task<int> AskAsync(Uri path, string key, TextWriter output, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = Patience };
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            await output.WriteLineAsync($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
            return response.IsSuccessStatusCode ? 0 : ServeCommand.StartFailed;
        }
        catch (HttpRequestException e)
        {
            await output.WriteLineAsync($"no answer: {e.Message}");
            return ServeCommand.StartFailed;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync($"no answer within {Patience.TotalMinutes} minutes; the gateway may be learning still");
            return ServeCommand.StartFailed;
        }
    }

    private static string Key(string? config, string? variable) => (config, variable) switch
    {
        ({ } file, null) => Configured(file),
        (null, { } name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } key ? key.Trim() : throw Unusable("--key-env", $"names the environment variable '{name}', which is not set."),
        _ => throw Unusable("relearn", "needs the admin key: exactly one of --config FILE and --key-env NAME."),
    };

    private static string Configured(string file)
    {
        using var opened = ConfigurationFile.Open(file);
        var admin = SettingsReader.ReadMember<KeySettings>(opened.Configuration, "admin", new SettingsContext(), (_, _) => { });
        return admin.KeyFile?.Value ?? admin.KeyEnvironment?.Value ?? throw Unusable("--config", $"names {file}, which has neither admin.keyEnvironment nor admin.keyFile; without an admin key nobody manages tenants.");
    }

    private static SettingsException Unusable(string name, string problem) => new([new SettingsError(name, problem)]);
}
