using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MetaLlm.FunctionalTests.Durability;

/// <summary>The host as users start it: its own executable in its own process.</summary>
internal sealed partial class HostProcess : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http;

    private HostProcess(Process process, Uri address, Task<string> errors)
    {
        _process = process;
        Errors = errors;
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        Client = new Client(_http, TestConfiguration.AlphaKey);
        Nobody = new Client(_http, null);
    }

    public Client Client { get; }

    /// <summary>A client without a key.</summary>
    public Client Nobody { get; }

    /// <summary>All of standard error, once the process has ended.</summary>
    public Task<string> Errors { get; }

    public int Id => _process.Id;

    /// <summary>A client with a key of its own.</summary>
    public Client With(string key) => new(_http, key);

    public static Task<HostProcess> StartAsync(params string[] arguments) => StartAsync(new Dictionary<string, string>(), arguments);

    /// <param name="environment">Variables beside the keys of the usual tenants.</param>
    /// <param name="arguments">The command line.</param>
    public static async Task<HostProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var (process, errors) = Run(environment, arguments);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                return new HostProcess(process, new Uri(match.Groups["address"].Value), errors);
            }
        }

        throw new InvalidOperationException($"The host did not start: {await errors}");
    }

    /// <summary>Starts a verb, and waits for nothing.</summary>
    /// <param name="environment">Variables beside the keys of the usual tenants.</param>
    /// <param name="arguments">The command line.</param>
    public static Process Begin(IReadOnlyDictionary<string, string> environment, params string[] arguments) => Run(environment, arguments).Process;

    /// <summary>Runs the host to its end.</summary>
    public static Task<(int ExitCode, string Errors)> RunToEndAsync(params string[] arguments) => RunToEndAsync(new Dictionary<string, string>(), arguments);

    /// <param name="environment">Variables beside the keys of the usual tenants.</param>
    /// <param name="arguments">The command line.</param>
    public static async Task<(int ExitCode, string Errors)> RunToEndAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var (process, errors) = Run(environment, arguments);
        using (process)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await errors);
        }
    }

    /// <summary>Asks it to stop, and waits until it has.</summary>
    public async Task<int> StopAsync()
    {
        await TermAsync();
        return await WaitForExitAsync();
    }

    /// <summary>SIGTERM: asks it to stop.</summary>
    public Task TermAsync() => SignalAsync("TERM");

    /// <summary>SIGSTOP: it stands still, with every connection open.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _http.Dispose();
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private static (Process Process, Task<string> Errors) Run(IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "MetaLlm.Host.exe" : "MetaLlm.Host");
        var start = new ProcessStartInfo(program, arguments)
        {
            // Away from any configuration that lies about.
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TEST_ALPHA_KEY"] = TestConfiguration.AlphaKey;
        start.Environment["TEST_BETA_KEY"] = TestConfiguration.BetaKey;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        return (process, process.StandardError.ReadToEndAsync());
    }

    [GeneratedRegex(@"listens on (?<address>http://[0-9.:]+)/v1")]
    private static partial Regex Listening();
}
