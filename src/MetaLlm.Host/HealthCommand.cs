using System.CommandLine;

namespace MetaLlm.Host;

/// <summary>
/// The command line of <c>health</c>: asks a running gateway whether it is well, for container images, which carry no HTTP client of
/// their own. Exit code 0 when the answer is a success, else 1.
/// </summary>
public static class HealthCommand
{
    private const string DefaultUrl = "http://127.0.0.1:8080/health/ready";
    private const double DefaultSeconds = 4;

    /// <summary>Creates the command.</summary>
    /// <returns>A command that reports to the invocation's output.</returns>
    public static Command Create()
    {
        var url = new Option<Uri>("--url")
        {
            Description = $"Address to ask. Default: {DefaultUrl}",
            DefaultValueFactory = _ => new Uri(DefaultUrl),
            CustomParser = result =>
            {
                if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
                {
                    return uri;
                }

                result.AddError($"--url is '{result.Tokens[0].Value}'; it must be an http or https address.");
                return null;
            },
        };
        var timeout = new Option<double>("--timeout")
        {
            Description = $"Seconds to wait for the answer, above 0 to 300. Default: {DefaultSeconds}",
            DefaultValueFactory = _ => DefaultSeconds,
        };
        timeout.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !(result.GetValueOrDefault<double>() is > 0 and <= 300))
            {
                result.AddError($"--timeout is {result.Tokens[0].Value}; it must be above 0 and at most 300.");
            }
        });
        var command = new Command("health", "Asks a running gateway whether it is well; exit code 0 if so, else 1.") { url, timeout };
        command.SetAction((result, cancellationToken) =>
            AskAsync(result.GetRequiredValue(url), TimeSpan.FromSeconds(result.GetValue(timeout)), result.InvocationConfiguration.Output, cancellationToken));
        return command;
    }

    private static async Task<int> AskAsync(Uri url, TimeSpan timeout, TextWriter output, CancellationToken cancellationToken)
    {
        // A proxy set for upstreams must not be asked about this machine.
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = timeout };
        try
        {
            using var response = await client.GetAsync(url, cancellationToken);
            await output.WriteLineAsync($"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (HttpRequestException e)
        {
            await output.WriteLineAsync($"no answer: {e.Message}");
            return 1;
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync($"no answer within {timeout.TotalSeconds} s");
            return 1;
        }
    }
}
