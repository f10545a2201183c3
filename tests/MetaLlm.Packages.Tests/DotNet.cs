using System.Diagnostics;

namespace MetaLlm.Packages.Tests;

/// <summary>Runs the SDK as somebody at a prompt would: nothing of the test run around it, and nothing that outlives the command.</summary>
internal static class DotNet
{
    private const string PackagesVariable = "NUGET_PACKAGES";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Where this machine keeps packages.</summary>
    public static async Task<string> GlobalPackagesAsync()
    {
        if (Environment.GetEnvironmentVariable(PackagesVariable) is { Length: > 0 } folder)
        {
            return folder;
        }

        var (code, output) = await RunAsync(Path.GetTempPath(), "nuget", "locals", "global-packages", "--list", "--force-english-output");
        Assert.True(code == 0, output);
        return output.Split(": ", 2)[1].Trim();
    }

    public static async Task<(int ExitCode, string Output)> RunAsync(string folder, params string[] arguments)
    {
        using var process = Start(folder, arguments);
        using var limit = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        try
        {
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Starts a command with its output redirected.</summary>
    public static Process Start(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(IsOfTheTestRun).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["UseSharedCompilation"] = "false";
        start.Environment["OPENAI_API_KEY"] = FakeUpstream.Key;
        return Process.Start(start)!;
    }

    private static bool IsOfTheTestRun(string name) =>
        name == PackagesVariable || name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase) || name.StartsWith("VSTEST", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase) || name.StartsWith("MetaLlm__", StringComparison.OrdinalIgnoreCase);
}
