using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace MetaLlm.Packages.Tests;

/// <summary>An application in a process of its own, as its user starts it.</summary>
internal sealed partial class RunningApp : IDisposable
{
    private readonly Process _process;
    private readonly Task _output;
    private readonly StringBuilder _said;
    private readonly HttpClient _http;

    private RunningApp(Process process, Task output, StringBuilder said, Uri address)
    {
        _process = process;
        _output = output;
        _said = said;
        _http = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
    }

    /// <summary>Where it listens.</summary>
    public Uri Address => _http.BaseAddress!;

    /// <param name="folder">Working directory: settings and data are found from it.</param>
    /// <param name="assembly">The application.</param>
    /// <param name="arguments">Settings beside those of the file.</param>
    public static async Task<RunningApp> StartAsync(string folder, string assembly, params string[] arguments)
    {
        var ports = FreePorts.Find(2);
        var process = DotNet.Start(
            folder,
            [assembly, "--urls", "http://127.0.0.1:0", $"--MetaLlm:cluster:siloPort={ports[0]}", $"--MetaLlm:cluster:gatewayPort={ports[1]}", .. arguments]);
        var said = new StringBuilder();
        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = Task.WhenAll(ReadAsync(process.StandardOutput, said, address), ReadAsync(process.StandardError, said, address));
        await Task.WhenAny(address.Task, output, Task.Delay(TimeSpan.FromSeconds(60)));
        if (!address.Task.IsCompletedSuccessfully)
        {
            process.Kill(entireProcessTree: true);
            await output;
            throw new InvalidOperationException($"The application did not start: {said}");
        }

        return new RunningApp(process, output, said, await address.Task);
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative));
        return await JsonAsync(answer);
    }

    public async Task<JsonElement> PostAsync(string path, object body)
    {
        using var answer = await _http.PostAsJsonAsync(path, body);
        return await JsonAsync(answer);
    }

    /// <summary>Asks it to stop, and waits until it has.</summary>
    public async Task StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(limit.Token);
        await _output;
        Assert.True(_process.ExitCode == 0, Said());
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _http.Dispose();
        _process.Dispose();
    }

    private static async Task ReadAsync(StreamReader output, StringBuilder said, TaskCompletionSource<Uri> address)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (said)
            {
                said.AppendLine(line);
            }

            if (Listening().Match(line) is { Success: true } match)
            {
                address.TrySetResult(new Uri(match.Groups["address"].Value));
            }
        }
    }

    // The application may be speaking at this moment.
    private string Said()
    {
        lock (_said)
        {
            return _said.ToString();
        }
    }

    private async Task<JsonElement> JsonAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{answer.StatusCode}: {text}\n{Said()}");
        return JsonElement.Parse(text);
    }

    [GeneratedRegex(@"Now listening on: (?<address>http://[0-9.:]+)")]
    private static partial Regex Listening();
}
