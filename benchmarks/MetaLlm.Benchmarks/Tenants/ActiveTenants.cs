using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace MetaLlm.Benchmarks.Tenants;

/// <summary>
/// Many tenants in use at once on one host, over HTTP: their first calls, what they take of memory, calls to all of them in turn beside calls to one alone, how they leave memory, and
/// how they come back. With <c>METALLM_BENCH_POSTGRES</c>, the connection string of a database without tenants, in that; else in a SQLite file.
/// </summary>
internal static class ActiveTenants
{
    private const int IdleAgeSeconds = 30;
    private const int Connections = 64;
    private const int FirstCallsAtOnce = 16;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    public static async Task<int> MeasureAsync(int tenants, TextWriter output)
    {
        var directory = Directory.CreateTempSubdirectory("metallm-bench-").FullName;
        using var active = new ActiveCount();
        try
        {
            var file = await BenchHost.WriteConfigurationAsync(directory, IdleAgeSeconds);
            var host = await BenchHost.StartAsync(file, directory);
            await using var hostEnd = host;
            using var client = new HttpClient { BaseAddress = host.Addresses[0] };
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{tenants} tenants in {BenchHost.Store}; d = 100, K = 2, simulated models without delay; {Connections} connections from the same process, {Length.TotalSeconds} s each"));

            var keys = new string[tenants];
            var run = Guid.NewGuid().ToString("N")[..8];
            await Parallel.ForAsync(0, tenants, new ParallelOptions { MaxDegreeOfParallelism = FirstCallsAtOnce }, async (t, _) =>
                keys[t] = await BenchHost.SignUpAsync(client, string.Create(CultureInfo.InvariantCulture, $"active-{run}-{t}")));

            // The first tenant warms the host up: what is compiled and cached for all is none of the others' cost.
            await LoadAsync(client, [keys[0]], TimeSpan.FromSeconds(3));
            var before = Heap();
            await BenchHost.ReportAsync(output, $"first call, {FirstCallsAtOnce} at once, ms", await FirstCallsAsync(client, keys[1..]));
            await BenchHost.ReportAsync(output, "tenants in memory", active.Count);
            await BenchHost.ReportAsync(output, "managed heap a tenant, KiB", (Heap() - before) / 1024.0 / (tenants - 1));
            await BenchHost.ReportAsync(output, "working set, MB", Environment.WorkingSet / 1e6);
            await ReportLoadAsync(output, "all in turn", await LoadAsync(client, keys, Length));
            await ReportLoadAsync(output, "one alone", await LoadAsync(client, [keys[0]], Length));
            await ReportLoadAsync(output, "all in turn, again", await LoadAsync(client, keys, Length));
            await BenchHost.ReportAsync(output, "managed heap a tenant after that, KiB", (Heap() - before) / 1024.0 / (tenants - 1));

            var left = Stopwatch.GetTimestamp();
            while (active.Count > 0)
            {
                if (Stopwatch.GetElapsedTime(left) > Patience)
                {
                    throw new InvalidOperationException($"{active.Count} tenants are still in memory.");
                }

                await Task.Delay(100);
            }

            await BenchHost.ReportAsync(output, $"all out of memory (idle age {IdleAgeSeconds} s), s", Stopwatch.GetElapsedTime(left).TotalSeconds);
            await BenchHost.ReportAsync(output, "managed heap a tenant then, KiB", (Heap() - before) / 1024.0 / (tenants - 1));
            await BenchHost.ReportAsync(output, $"first call after that, {FirstCallsAtOnce} at once, ms", await FirstCallsAsync(client, keys));
            return 0;
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task<double[]> FirstCallsAsync(HttpClient client, string[] keys)
    {
        var times = new double[keys.Length];
        await Parallel.ForAsync(0, keys.Length, new ParallelOptions { MaxDegreeOfParallelism = FirstCallsAtOnce }, async (t, _) =>
        {
            var began = Stopwatch.GetTimestamp();
            await BenchHost.SendAsync(client, keys[t], "/v1/chat/completions", BenchHost.Chat);
            times[t] = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        });
        return times;
    }

    private static async Task<Load> LoadAsync(HttpClient client, string[] keys, TimeSpan length)
    {
        using var process = Process.GetCurrentProcess();
        var (used, began, next) = (process.TotalProcessorTime, Stopwatch.GetTimestamp(), -1);
        var times = await Task.WhenAll(Enumerable.Range(0, Connections).Select(async _ =>
        {
            var mine = new List<double>();
            while (Stopwatch.GetElapsedTime(began) < length)
            {
                var asked = Stopwatch.GetTimestamp();
                await BenchHost.SendAsync(client, keys[(uint)Interlocked.Increment(ref next) % keys.Length], "/v1/chat/completions", BenchHost.Chat);
                mine.Add(Stopwatch.GetElapsedTime(asked).TotalMilliseconds);
            }

            return mine;
        }));
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        process.Refresh();
        return new Load([.. times.SelectMany(mine => mine)], seconds, process.TotalProcessorTime - used);
    }

    private static async Task ReportLoadAsync(TextWriter output, string what, Load load)
    {
        await BenchHost.ReportAsync(output, $"{what}: requests/s", load.Times.Count / load.Seconds);
        await BenchHost.ReportAsync(output, $"{what}: latency, ms", load.Times);
        await BenchHost.ReportAsync(output, $"{what}: processor ms a request, client's too", load.Processor.TotalMilliseconds / load.Times.Count);
    }

    private static long Heap()
    {
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private sealed record Load(List<double> Times, double Seconds, TimeSpan Processor);

    /// <summary>Follows the number of tenants in memory.</summary>
    private sealed class ActiveCount : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _count;

        public ActiveCount()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "metallm.engine.active_tenants")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _count, change));
            _listener.Start();
        }

        public long Count => Interlocked.Read(ref _count);

        public void Dispose() => _listener.Dispose();
    }
}
