using System.Diagnostics;

namespace MetaLlm.Chaos.Cluster;

/// <summary>
/// Clears everything away when the campaign ends: a shell that waits for the end of its input, which comes even when this process is killed.
/// </summary>
internal sealed class Janitor : IAsyncDisposable
{
    private const string Script = """
        read -r _
        if [ -n "$2" ]; then
            for space in $(ip netns list | sed 's/ .*//' | grep "^$2"); do
                for pid in $(ip netns pids "$space"); do kill -KILL "$pid"; done
            done
        fi
        pid=$(head -n 1 "$1/database/data/postmaster.pid" 2>/dev/null)
        if [ -n "$pid" ]; then kill -QUIT "$pid"; tries=0; while kill -0 "$pid" && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done; fi
        if [ -n "$2" ]; then
            for space in $(ip netns list | sed 's/ .*//' | grep "^$2"); do ip netns del "$space"; done
            ip link del "$2l"
        fi
        while grep -q " $1/database " /proc/mounts; do umount "$1/database" || sleep 0.1; done
        [ "$3" = keep ] || rm -rf "$1"
        """;

    private readonly Process _shell;

    /// <param name="directory">Where the campaign keeps its files.</param>
    /// <param name="namespaces">How names of its network namespaces begin; null without any.</param>
    /// <param name="keep">Whether the directory stays, for its logs.</param>
    public Janitor(string directory, string? namespaces, bool keep) => _shell = Process.Start(
        new ProcessStartInfo("/bin/sh", ["-c", $"exec >/dev/null 2>&1; {Script}", "sh", directory, namespaces ?? "", keep ? "keep" : "remove"])
        {
            RedirectStandardInput = true,
        })!;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }
}
