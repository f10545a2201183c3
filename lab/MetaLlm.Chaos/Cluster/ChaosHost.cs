using System.Diagnostics;
using System.Globalization;

namespace MetaLlm.Chaos.Cluster;

/// <summary>A host process under a supervisor, which starts it again whenever it ends though nobody asked it to, as a cluster's scheduler would.</summary>
internal sealed class ChaosHost : IAsyncDisposable
{
    private static readonly TimeSpan RestartPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(90);

    private readonly string _log;
    private readonly SemaphoreSlim _changing = new(1);
    private HostPlan _plan;
    private Process? _process;
    private Task _supervision = Task.CompletedTask;
    private bool _wanted;
    private int _ownEnds;

    /// <param name="number">Its number in the cluster, from 0.</param>
    /// <param name="machine">Where it runs.</param>
    /// <param name="address">Where it serves clients.</param>
    /// <param name="siloPort">Where it serves other silos.</param>
    /// <param name="plan">How it is started.</param>
    /// <param name="log">File that its output goes to.</param>
    public ChaosHost(int number, Machine machine, Uri address, int siloPort, HostPlan plan, string log)
    {
        Number = number;
        Machine = machine;
        Address = address;
        SiloPort = siloPort;
        _plan = plan;
        _log = log;
    }

    /// <summary>Its number in the cluster, from 0.</summary>
    public int Number { get; }

    /// <summary>Where it runs.</summary>
    public Machine Machine { get; }

    /// <summary>Where it serves clients.</summary>
    public Uri Address { get; }

    /// <summary>Where it serves other silos.</summary>
    public int SiloPort { get; }

    /// <summary>How often it ended by itself.</summary>
    public int OwnEnds => Volatile.Read(ref _ownEnds);

    /// <summary>Memory that it takes, in KiB; 0 while it is down.</summary>
    public long MemoryKibibytes
    {
        get
        {
            try
            {
                using var process = _process is { } known ? Process.GetProcessById(known.Id) : null;
                return (process?.WorkingSet64 ?? 0) / 1024;
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                return 0;
            }
        }
    }

    /// <summary>Starts it and keeps it up.</summary>
    public async Task StartAsync()
    {
        await _changing.WaitAsync();
        try
        {
            if (!_wanted)
            {
                _wanted = true;
                Launch();
                _supervision = SuperviseAsync();
            }
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Kills it without any warning, and keeps it down.</summary>
    public Task KillAsync() => EndAsync("KILL");

    /// <summary>Asks it to stop, waits until it has, and keeps it down.</summary>
    public Task StopAsync() => EndAsync("TERM");

    /// <summary>Stops its clock: no thread of it runs until <see cref="ThawAsync"/>.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>Lets it run on.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>From the next start on it runs another build.</summary>
    public void Become(HostPlan plan) => _plan = plan;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _changing.Dispose();
    }

    private void Launch()
    {
        string[] command = [.. Machine.Within, _plan.Program, "--config", _plan.ConfigFile, "--listen", Address.GetLeftPart(UriPartial.Authority)];

        // Each step replaces the one before, so that the process is the host itself in the end.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=\"$1\" && shift && exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", _log, .. command])
        {
            WorkingDirectory = Path.GetDirectoryName(_plan.Program)!,
        };
        foreach (var (name, value) in _plan.Environment)
        {
            start.Environment[name] = value;
        }

        _process?.Dispose();
        _process = Process.Start(start)!;
    }

    private async Task SuperviseAsync()
    {
        while (true)
        {
            await _process!.WaitForExitAsync();
            await Task.Delay(RestartPause);
            await _changing.WaitAsync();
            try
            {
                if (!_wanted)
                {
                    return;
                }

                Interlocked.Increment(ref _ownEnds);
                Launch();
            }
            finally
            {
                _changing.Release();
            }
        }
    }

    private async Task EndAsync(string signal)
    {
        await _changing.WaitAsync();
        try
        {
            _wanted = false;
            await SignalAsync(signal);
            if (_process is { } process)
            {
                await process.WaitForExitAsync().WaitAsync(StopLimit);
            }
        }
        finally
        {
            _changing.Release();
        }

        await _supervision;
    }

    private async Task SignalAsync(string signal)
    {
        if (_process is { HasExited: false } process)
        {
            // It may end by itself meanwhile, which is as good.
            await Shell.TryAsync("kill", $"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture));
        }
    }
}
