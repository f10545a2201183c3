using System.Diagnostics;

namespace MetaLlm.Storage.Tests;

/// <summary>A small disk in memory, which takes the right to mount one.</summary>
internal sealed class Tmpfs : IAsyncDisposable
{
    private Tmpfs(string path) => Path = path;

    public string Path { get; }

    /// <summary>Why there can be none here; null where there can.</summary>
    public static async Task<string?> FindHindranceAsync()
    {
        if (!OperatingSystem.IsLinux() || Environment.UserName != "root")
        {
            return "No disk of its own: to mount one takes root on Linux.";
        }

        try
        {
            await using var disk = await MountAsync("1m");
            return null;
        }
        catch (IOException error)
        {
            return $"No disk of its own: {error.Message}";
        }
    }

    public static async Task<Tmpfs> MountAsync(string size)
    {
        var disk = new Tmpfs(Directory.CreateTempSubdirectory("metallm-disk-").FullName);
        await RunAsync("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", disk.Path);
        return disk;
    }

    public Task ResizeAsync(string size) => RunAsync("mount", "-o", $"remount,size={size}", Path);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", Path);
        Directory.Delete(Path);
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new IOException($"{program} says: {error.Trim()}");
        }
    }
}
