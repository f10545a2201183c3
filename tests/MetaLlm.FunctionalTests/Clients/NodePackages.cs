using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace MetaLlm.FunctionalTests.Clients;

/// <summary>Clients from npm, each set installed once into a directory of its own under <c>artifacts</c>.</summary>
internal static class NodePackages
{
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
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(300));
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        Assert.True(process.ExitCode == 0, $"{program} exited with {process.ExitCode}: {await errors}");
        return await output;
    }

    private static string RepositoryRoot([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", ".."));
}
