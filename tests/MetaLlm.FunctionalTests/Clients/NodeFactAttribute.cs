using System.Diagnostics;

namespace MetaLlm.FunctionalTests.Clients;

/// <summary>A test that needs node and npm; skipped, with that reason, where they are missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (!Runs("node") || !Runs("npm"))
        {
            Skip = "node and npm are not on the PATH.";
        }
    }

    private static bool Runs(string program)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, "--version") { RedirectStandardOutput = true, RedirectStandardError = true });
            return process is not null && process.WaitForExit(10_000) && process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
