using System.Reflection;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Callers;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Tests.Workers;

/// <summary>What a node says while no silo of the cluster runs a release that keeps what it asks for.</summary>
public sealed class StoreGrainTests
{
    private readonly IGrainFactory _grains = DispatchProxy.Create<IGrainFactory, NoSuchGrain>();

    [Fact]
    public async Task A_store_that_no_silo_has_yet_is_an_upgrade_in_progress()
    {
        var (answers, responses, requests) = (new GrainAnswerStore(_grains), new GrainResponseStore(_grains), new GrainRequestLogStore(_grains));
        var (files, batches) = (new GrainFileStore(_grains), new GrainBatchStore(_grains));
        Func<Task>[] calls =
        [
            async () => await answers.TrimAsync("t", 1, 1, CancellationToken.None), async () => await responses.FindAsync("t", "resp_1", CancellationToken.None),
            async () => await new GrainDecisionSearch(_grains).SearchAsync(new DecisionSearchQuery { Owner = "t" }, CancellationToken.None),
            async () => await responses.DeleteTenantAsync("t", CancellationToken.None), async () => await requests.ListTenantsAsync(CancellationToken.None),
            async () => await new GrainSharedLearning(_grains).PoolAsync(CancellationToken.None), async () => await new GrainSharedLearning(_grains).FindAsync("t", CancellationToken.None),
            async () => await files.FindAsync("t", "file-1", CancellationToken.None), async () => await batches.ClaimAsync("o", default, default, CancellationToken.None),
        ];
        foreach (var call in calls)
        {
            Assert.Contains("yet", (await Assert.ThrowsAsync<UpgradeInProgressException>(call)).Message, StringComparison.Ordinal);
        }
    }

#pragma warning disable CA1852 // The proxy is a class that derives from it.
    private class NoSuchGrain : DispatchProxy
#pragma warning restore CA1852
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new ArgumentException("Could not find an implementation for the interface.");
    }
}
