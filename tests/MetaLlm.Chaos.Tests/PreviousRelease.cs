using System.Diagnostics;
using MetaLlm.Chaos.Cluster;

namespace MetaLlm.Chaos.Tests;

/// <summary>The build of the release before this one, whose commit the file eng/previous-release names.</summary>
internal static class PreviousRelease
{
    private const int NoGit = 3;
    private const string Asked = "METALLM_ROLL";
    private const string Contracts = "OrleansContracts.txt";

    /// <summary>Why it cannot run beside this build here; null where it can.</summary>
    public static string? Unavailable { get; } = DatabaseServer.Unavailable ?? WhyNoBuild();

    /// <summary>Why hosts cannot go back to it; null where they can.</summary>
    public static string? NoWayBack { get; } = Unavailable ?? WhyNoWayBack();

    private static string Root => Repository.Root;

    /// <summary>Builds it, unless that was done before.</summary>
    /// <returns>The host's executable.</returns>
    public static async Task<string> BuildAsync() => (await Shell.RunAsync(Path.Combine(Root, "eng", "build-previous-release"))).Trim();

    /// <summary>
    /// Whether its silos understand those of this build: all that it may say has the same name and the same members here. Otherwise an upgrade
    /// takes a cluster of another name, as docs/cluster.md says.
    /// </summary>
    /// <param name="program">What <see cref="BuildAsync"/> returned.</param>
    public static bool SharesTheWire(string program)
    {
        var previous = Entries(Path.Combine(Path.GetDirectoryName(program)!, "..", Contracts));
        return previous.IsSubsetOf(Entries(Path.Combine(Root, "tests", "MetaLlm.Engine.Orleans.Tests", Contracts)));
    }

    /// <summary>Every line after the introduction, with the contract that it belongs to.</summary>
    private static HashSet<string> Entries(string contracts)
    {
        var entries = new HashSet<string>(StringComparer.Ordinal);
        var contract = "";
        foreach (var line in File.ReadLines(contracts).SkipWhile(line => line.Length > 0).Where(line => line.Length > 0))
        {
            contract = line[0] == ' ' ? contract : line;
            entries.Add($"{contract}: {line}");
        }

        return entries;
    }

    private static string? WhyNoBuild()
    {
        if (Repository.Folder is null)
        {
            return "The tests were copied away from the checkout, which has the release before this one.";
        }

        if (Git("cat-file", "-e", $"{Commit()}^{{commit}}") != 0)
        {
            return "This checkout has no commit of the release before this one, which eng/previous-release names: the whole history has it.";
        }

        // A roll takes a minute, and the build of the release before another one: they are for those who ask for them, and for those who have it.
        var isBuilt = File.Exists(Path.Combine(Root, "artifacts", "previous", Commit(), "built"));
        return isBuilt || Environment.GetEnvironmentVariable(Asked) == "1" ? null : $"Rolls take minutes: {Asked}=1 asks for them, and builds the release before this one.";
    }

    /// <summary>An old host serves a newer schema when that says so to the reader of it that the old host has, or when there is no newer schema.</summary>
    private static string? WhyNoWayBack()
    {
        if (Git("diff", "--quiet", Commit(), "--", "deploy/sql/postgres") == 0 || Git("grep", "-q", "min_reader", Commit(), "--", "src/MetaLlm.Storage") == 0)
        {
            return null;
        }

        return "The release before this one refuses every schema that is newer than its own: the way back is open from this release on.";
    }

    private static string Commit() => File.ReadAllText(Path.Combine(Root, "eng", "previous-release")).Trim();

    private static int Git(params string[] arguments)
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true })!;
            git.WaitForExit();
            return git.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // Without git there is no history.
            return NoGit;
        }
    }
}
