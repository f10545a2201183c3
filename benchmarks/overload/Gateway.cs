using System.Diagnostics;
using System.Text.Json;

namespace MetaLlm.Benchmarks.Overload;

/// <summary>A host process with the shipped embedding model, a database of its own, and as many tenants as are asked for.</summary>
internal sealed class Gateway : IDisposable
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly string _directory;

    private Gateway(Process process, Uri address, string directory) => (_process, Address, _directory) = (process, address, directory);

    public Uri Address { get; }

    public static string Key(int tenant) => $"key-0123456789-of-tenant-{tenant}";

    public static async Task<Gateway> StartAsync(string checkout, Uri upstream, int tenants, string? routing)
    {
        var binary = Path.Combine(checkout, "src/MetaLlm.Host/bin/Release/net10.0/MetaLlm.Host.dll");
        if (!File.Exists(binary))
        {
            throw new FileNotFoundException($"{binary} is missing; build that checkout first: ./metallm build");
        }

        var ports = FreePorts.Find(3);
        var directory = Directory.CreateTempSubdirectory("metallm-overload-").FullName;
        var config = Path.Combine(directory, "metallm.json");
        await File.WriteAllTextAsync(config, JsonSerializer.Serialize(Configuration(upstream, tenants, routing, ports, directory)));
        var start = new ProcessStartInfo("dotnet", [binary, "--config", config]) { RedirectStandardOutput = true, RedirectStandardError = true };
        for (var i = 0; i < tenants; i++)
        {
            start.Environment[$"OVERLOAD_KEY_{i}"] = Key(i);
        }

        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, line) => Debug.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var gateway = new Gateway(process, new Uri($"http://127.0.0.1:{ports[0]}"), directory);
        await gateway.ReadyAsync();
        return gateway;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private static object Configuration(Uri upstream, int tenants, string? routing, int[] ports, string directory) => new
    {
        MetaLlm = new
        {
            listen = (string[])[$"http://127.0.0.1:{ports[0]}"],
            storage = new { path = Path.Combine(directory, "metallm.db") },
            cluster = new { siloPort = ports[1], gatewayPort = ports[2] },
            routing = JsonSerializer.Deserialize<JsonElement>(routing ?? "{}"),
            upstreams = new { stub = new { kind = "openai", baseUrl = upstream.ToString() } },
            tenants = Enumerable.Range(0, tenants).Select(i => new
            {
                id = $"tenant-{i}",
                keyEnvironments = (string[])[$"OVERLOAD_KEY_{i}"],
                arms = Enumerable.Range(0, 3).Select(arm => new { id = $"model-{arm}", upstream = "stub", inputUsdPerMillion = 0.1, outputUsdPerMillion = 0.4 }),
            }),
        },
    };

    private async Task ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        for (var started = Stopwatch.GetTimestamp(); ; await Task.Delay(100))
        {
            try
            {
                using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative));
                if (answer.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (!_process.HasExited && Stopwatch.GetElapsedTime(started) < StartPatience)
            {
                // It does not listen yet.
            }
        }
    }
}
