using System.Diagnostics;
using System.Globalization;

namespace MetaLlm.TestKit.Stores;

/// <summary>PostgreSQL's programs on this machine, and a user that may run them: the server refuses to run as root.</summary>
/// <param name="Folder">Where the programs lie.</param>
/// <param name="User">The user to become; null to stay who we are.</param>
internal sealed record PostgresInstallation(string Folder, string? User)
{
    private const string Packaged = "/usr/lib/postgresql";
    private static readonly string[] Users = ["postgres", "nobody"];

    /// <summary>Finds one, the newest where there are several.</summary>
    /// <param name="reason">Why there is none; empty when there is one.</param>
    public static PostgresInstallation? Find(out string reason)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
        {
            reason = "No PostgreSQL: its tests run on Linux and macOS.";
            return null;
        }

        var packaged = Directory.Exists(Packaged)
            ? Directory.GetDirectories(Packaged).OrderByDescending(Version).Select(version => Path.Combine(version, "bin"))
            : [];
        var folder = packaged
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(candidate => File.Exists(Path.Combine(candidate, "postgres")) && File.Exists(Path.Combine(candidate, "initdb")));
        if (folder is null)
        {
            reason = $"No PostgreSQL: neither the PATH nor {Packaged} has its programs 'postgres' and 'initdb'.";
            return null;
        }

        reason = "";
        if (Environment.UserName != "root")
        {
            return new PostgresInstallation(folder, null);
        }

        var users = File.ReadLines("/etc/passwd").Select(line => line.Split(':')[0]).ToHashSet(StringComparer.Ordinal);
        if (Users.FirstOrDefault(users.Contains) is { } user && File.Exists("/usr/bin/setpriv"))
        {
            return new PostgresInstallation(folder, user);
        }

        reason = "No PostgreSQL: it does not run as root, and there is no user 'postgres' or 'nobody', or no 'setpriv', to run it as another one.";
        return null;
    }

    /// <summary>Starts a program of the installation; its output goes to a file.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="log">The file; what it holds already stays.</param>
    /// <param name="within">A command that becomes the program, such as one that enters a network namespace; null for none.</param>
    public Process StartAsUser(string program, IEnumerable<string> arguments, string log, IReadOnlyList<string>? within = null)
    {
        // Each step replaces the one before, so that the process is the program itself in the end.
        string[] command = User is null
            ? [Path.Combine(Folder, program), .. arguments]
            : ["/usr/bin/setpriv", $"--reuid={User}", "--regid", Group(User), "--clear-groups", Path.Combine(Folder, program), .. arguments];
        return Process.Start(new ProcessStartInfo(
            "/bin/sh", ["-c", "cd / && log=\"$1\" && shift && exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log, .. within ?? [], .. command]))!;
    }

    /// <summary>Runs a program of the installation to its end.</summary>
    public async Task RunAsUserAsync(string program, IEnumerable<string> arguments)
    {
        var log = Path.GetTempFileName();
        try
        {
            using var process = StartAsUser(program, arguments, log);
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{program} failed: {await File.ReadAllTextAsync(log)}");
            }
        }
        finally
        {
            File.Delete(log);
        }
    }

    /// <summary>Runs a program of the system to its end.</summary>
    /// <param name="program">Its name.</param>
    /// <param name="arguments">Its arguments; null to do nothing.</param>
    public static async Task RunAsync(string program, IReadOnlyList<string>? arguments)
    {
        if (arguments is null)
        {
            return;
        }

        using var process = Process.Start(new ProcessStartInfo(program, arguments))!;
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed with exit code {process.ExitCode.ToString(CultureInfo.InvariantCulture)}.");
        }
    }

    private static string Group(string user) =>
        File.ReadLines("/etc/passwd").Select(line => line.Split(':')).First(fields => fields[0] == user)[3];

    private static int Version(string folder) =>
        int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
}
