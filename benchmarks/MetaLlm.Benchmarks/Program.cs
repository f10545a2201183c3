using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using MetaLlm.Benchmarks.Engines;
using MetaLlm.Benchmarks.Journals;
using MetaLlm.Benchmarks.Tenants;

switch (args)
{
    case ["memory"]:
        return await TenantMemory.MeasureAsync(Console.Out).ConfigureAwait(false);
    case ["activation"]:
        return await TenantActivation.MeasureAsync(Console.Out).ConfigureAwait(false);
    case ["ceiling"]:
        return await TenantCeiling.MeasureAsync(Console.Out).ConfigureAwait(false);
    case ["ceiling", "--shards", var shards] when int.TryParse(shards, System.Globalization.CultureInfo.InvariantCulture, out var owners) && owners is >= 2 and <= 16:
        return await TenantCeiling.MeasureShardsAsync(owners, Console.Out).ConfigureAwait(false);
    case ["active"]:
        return await ActiveTenants.MeasureAsync(1000, Console.Out).ConfigureAwait(false);
    case ["seed", "--sqlite" or "--postgres", var place, var tenant, var decisions]
        when int.TryParse(decisions, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var many) && many > 0:
        return await JournalSeed.WriteAsync(args[1], place, tenant, many, Console.Out).ConfigureAwait(false);
    case ["directory"]:
        return await DirectoryScale.MeasureAsync(100_000, Console.Out).ConfigureAwait(false);
    case ["directory", var tenants] when int.TryParse(tenants, System.Globalization.CultureInfo.InvariantCulture, out var count) && count > 0:
        return await DirectoryScale.MeasureAsync(count, Console.Out).ConfigureAwait(false);
}

// In process: a benchmark runs on the very build that was made, without a second build of the solution.
var config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.MediumRun.WithLaunchCount(1).WithToolchain(InProcessEmitToolchain.Instance))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumn(StatisticColumn.OperationsPerSecond, StatisticColumn.Median, StatisticColumn.P95)
    .WithArtifactsPath(Path.Combine("artifacts", "benchmarks"));
BenchmarkSwitcher.FromAssembly(typeof(EngineBenchmarks).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
return 0;
