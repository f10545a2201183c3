using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.Tests.Tenants;

/// <summary>A runtime over a store in memory, with faults on demand.</summary>
internal sealed class RuntimeHarness
{
    public const string Tenant = "acme";

    public RuntimeHarness(TenantRuntimeOptions? options = null)
    {
        RuntimeOptions = options ?? new TenantRuntimeOptions { CheckpointEvery = 1000 };
        Faults = new FaultyJournal(Journal);
        Runtime = Start(Faults);
    }

    public InMemoryTenantJournal Journal { get; } = new();

    public FaultyJournal Faults { get; }

    public InMemorySnapshotStore Snapshots { get; } = new();

    public ManualTimeProvider Time { get; } = new();

    public TenantRuntimeOptions RuntimeOptions { get; }

    public TenantRuntime Runtime { get; }

    public static async Task<RuntimeHarness> StartConfiguredAsync(TenantRuntimeOptions? options = null)
    {
        var harness = new RuntimeHarness(options);
        return await LoadedAsync(harness.Runtime, async () =>
        {
            await harness.Runtime.ConfigureAsync(TestTenants.Configuration(), PolicyRestart.Refuse, default);
            return harness;
        });
    }

    /// <summary>Another owner of the tenant over the same store.</summary>
    public TenantRuntime StartOther(string model = "fixed-8") => Start(Journal, model);

    /// <summary>Another owner of the tenant, whose journal has the faults.</summary>
    public TenantRuntime StartFaulty() => Start(Faults);

    public static async Task<string> HashAsync(TenantRuntime runtime) => (await LoadedAsync(runtime, () => runtime.DescribeAsync(default))).StateHash;

    /// <summary>Asks once the state is there: within the short patience that some tests want, a busy machine does not even load nothing.</summary>
    private static async Task<T> LoadedAsync<T>(TenantRuntime runtime, Func<ValueTask<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (TenantRebuildingException)
            {
                await runtime.Rebuilt;
            }
        }
    }

    private TenantRuntime Start(ITenantJournal journal, string model = "fixed-8") => new(Tenant, new TenantRuntimeServices(
        journal,
        Snapshots,
        new FixedEmbedder(model),
        Time,
        Options.Create(RuntimeOptions),
        TestTenants.Metrics(),
        NullLogger<TenantRuntime>.Instance));
}
