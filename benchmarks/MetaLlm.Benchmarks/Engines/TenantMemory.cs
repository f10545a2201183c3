using System.Globalization;

namespace MetaLlm.Benchmarks.Engines;

/// <summary>How many bytes of memory an active tenant takes: the managed heap with many of them, less the heap with half as many.</summary>
internal static class TenantMemory
{
    private const int Half = 500;
    private const int Decisions = 16;

    public static async Task<int> MeasureAsync(TextWriter output)
    {
        await output.WriteLineAsync($"Bytes per active tenant: K = 8, {Decisions} decisions each; {Half} tenants more in one process.");
        foreach (var shape in new[] { TenantShape.Small, TenantShape.Standard })
        {
            var bytes = await MeasureAsync(shape);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"d = {shape.Dimensions,-5}{bytes,10:N0} bytes ({bytes / 1024.0:F1} KiB)"));
        }

        return 0;
    }

    private static async Task<long> MeasureAsync(TenantShape shape)
    {
        await using var stage = await EngineStage.StartAsync("sqlite", shape);
        await ActivateAsync(stage, shape, 0);
        var before = Heap();
        await ActivateAsync(stage, shape, Half);
        return (Heap() - before) / Half;
    }

    private static Task ActivateAsync(EngineStage stage, TenantShape shape, int first) =>
        Parallel.ForAsync(first, first + Half, new ParallelOptions { MaxDegreeOfParallelism = Half }, async (tenant, cancellationToken) =>
        {
            var name = $"tenant-{tenant}";
            await stage.Engine.ConfigureAsync(name, shape.Configuration, cancellationToken);
            for (var i = 0; i < Decisions; i++)
            {
                var decision = await stage.Engine.DecideAsync(name, shape.Command(i), cancellationToken);
                await stage.Engine.SubmitFeedbackAsync(
                    name, [new() { DecisionId = decision.DecisionId, Reward = i % 2, IdempotencyKey = "1" }], cancellationToken);
            }

            // Everything is folded in.
            await stage.Engine.DescribeAsync(name, cancellationToken);
        });

    private static long Heap()
    {
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
