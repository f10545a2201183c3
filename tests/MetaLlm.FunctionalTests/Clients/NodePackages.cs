using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MetaLlm.FunctionalTests.Clients;

/// <summary>Clients from npm, which all tests share.</summary>
internal static class NodePackages
{
    private static readonly (string Name, string Version)[] Packages =
    [
        ("openai", "7.59.0"), ("@ai-sdk/openai", "3.0.141"), ("@ai-sdk/openai-compatible", "2.0.92"), ("@ai-sdk/anthropic", "3.0.140"), ("ai", "6.0.326"),
        ("@anthropic-ai/sdk", "1.14.0"), ("@langchain/openai", "1.6.0"), ("@langchain/core", "1.4.0"), ("zod", "4.6.7"),
    ];

    private static readonly Lazy<Task<string>> Installed = new(() => InstallAsync("npm-clients", Packages));

    /// <summary>Installs packages, unless they are there.</summary>
    /// <param name="name">Name of the directory.</param>
    /// <param name="packages">Names and versions.</param>
    /// <returns>The directory.</returns>
    public static async Task<string> InstallAsync(string name, params (string Name, string Version)[] packages)
    {
        var directory = Path.Combine(RepositoryRoot(), "artifacts", name);
        if (!packages.All(package => IsInstalled(directory, package.Name, package.Version)))
        {
            Directory.CreateDirectory(directory);
            await OutputAsync("npm", directory, ["install", .. packages.Select(package => $"{package.Name}@{package.Version}"), "--prefix", directory, "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]);
        }

        return directory;
    }

    /// <summary>Installs the packages into <c>artifacts/npm-clients</c>, unless they are there.</summary>
    /// <returns>The directory.</returns>
    public static Task<string> DirectoryAsync() => Installed.Value;

    /// <summary>Runs a script beside the tests, which is given the directory of its packages first.</summary>
    /// <returns>What it printed, JSON.</returns>
    public static async Task<JsonElement> RunAsync(string script, string directory, params string[] arguments) =>
        JsonDocument.Parse(await OutputAsync("node", directory, [Path.Combine(AppContext.BaseDirectory, "Clients", script), directory, .. arguments])).RootElement;

    private static bool IsInstalled(string directory, string name, string version)
    {
        var manifest = Path.Combine(directory, "node_modules", name, "package.json");
        return File.Exists(manifest) && JsonDocument.Parse(File.ReadAllText(manifest)).RootElement.GetProperty("version").GetString() == version;
    }

    private static async Task<string> OutputAsync(string program, string directory, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(5));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"{program} exited with {process.ExitCode}: {await errors}");
        return await output;
    }

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
