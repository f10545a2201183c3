using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MetaLlm.FunctionalTests.Clients;

/// <summary>The official JavaScript client, installed once into artifacts/npm-openai.</summary>
public sealed class OpenAiNodeTests
{
    private const string Version = "7.57.0";

    [NodeFact]
    public async Task It_completes_streams_lists_models_and_understands_our_errors()
    {
        var directory = await InstallAsync();
        await using var gateway = await RunningGateway.StartAsync();
        var script = Path.Combine(AppContext.BaseDirectory, "Clients", "openai-client.mjs");
        var seen = JsonDocument.Parse(await RunAsync("node", directory, script, directory, new Uri(gateway.Address, "v1").ToString(), TestConfiguration.AlphaKey)).RootElement;

        Assert.StartsWith("chatcmpl-", seen.GetProperty("id").GetString(), StringComparison.Ordinal);
        Assert.Contains(seen.GetProperty("model").GetString(), TestConfiguration.Arms);
        Assert.NotEmpty(seen.GetProperty("text").GetString()!);
        Assert.True(seen.GetProperty("tokens").GetDouble() > 0);
        Assert.Equal(["auto", .. TestConfiguration.Arms], seen.GetProperty("models").EnumerateArray().Select(m => m.GetString()));
        Assert.Equal("model_not_found", seen.GetProperty("error").GetProperty("code").GetString());
    }

    private static async Task<string> InstallAsync()
    {
        var directory = Path.Combine(RepositoryRoot(), "artifacts", "npm-openai");
        var manifest = Path.Combine(directory, "node_modules", "openai", "package.json");
        if (!File.Exists(manifest) || JsonDocument.Parse(await File.ReadAllTextAsync(manifest)).RootElement.GetProperty("version").GetString() != Version)
        {
            Directory.CreateDirectory(directory);
            await RunAsync("npm", directory, "install", $"openai@{Version}", "--prefix", directory, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund");
        }

        return directory;
    }

    private static async Task<string> RunAsync(string program, string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"{program} exited with {process.ExitCode}: {await errors}");
        return await output;
    }

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
