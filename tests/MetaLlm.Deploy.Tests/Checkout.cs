using System.Diagnostics;
using MetaLlm.TestKit;

namespace MetaLlm.Deploy.Tests;

/// <summary>The checkout that the tests were compiled from, and programs of this machine.</summary>
internal static class Checkout
{
    public static string Root => Repository.Root;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string[] Overlays { get; } =
        [.. Directory.EnumerateDirectories(Path.Combine(Root, "deploy/kubernetes/overlays")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    public static bool HasKubectl { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(d => File.Exists(Path.Combine(d, "kubectl")));

    /// <summary>Copies a folder of the checkout.</summary>
    public static void Copy(string path, string to)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, path), "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(Path.Combine(Root, path), file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }
}
