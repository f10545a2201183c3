using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Evaluation.Targets;

namespace MetaLlm.Evaluation.Tests.Estimation;

public sealed class TrainedTargetTests
{
    [Fact]
    public void Evidence_of_the_log_that_a_policy_goes_without_is_told()
    {
        var target = new TrainedTarget("linucb", new Dictionary<string, double>(), null);
        target.Apply(new ConfiguredEvent
        {
            Sequence = 1,
            At = DateTimeOffset.UnixEpoch,
            Configuration = new TenantConfiguration { Arms = [new Arm { Id = "small", Prices = new TokenPrices(0, 0, 1e-5), PriorOutputTokens = 100 }], Policy = "linucb" },
        });
        Assert.Single(target.Notes);
        var row = new WarmStartQuery(new QueryFeatures(new float[StructuralFeatures.Count], [], null, 10), [1], [new TokenUsage(10, 0, 100)], [0.001], [1]);
        target.Apply(new EvidencedEvent
        {
            Sequence = 2,
            At = DateTimeOffset.UnixEpoch,
            Digest = "evidence",
            Set = new WarmStartSet { EmbeddingModelId = "none", ArmIds = ["small"], Rows = [.. Enumerable.Repeat(row, WarmStartSet.FewestRows)] },
        });
        Assert.Contains(target.Notes, note => note.StartsWith("1 warm starts, quizzes and sets of evidence", StringComparison.Ordinal));
    }
}
