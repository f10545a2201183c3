using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class ContextLayoutTests
{
    [Theory]
    [InlineData(ContextParts.All)]
    [InlineData(ContextParts.Structural | ContextParts.Embedding)]
    [InlineData(ContextParts.Structural)]
    [InlineData(ContextParts.None)]
    public void The_blocks_of_a_recorded_context_are_found(ContextParts parts)
    {
        var log = new Log(new TenantConfiguration { Arms = [Log.Arm("a", 0.1)], Parts = parts });
        var context = log.Decide(Log.Query(1, "task")).Context;

        var blocks = ContextLayout.Blocks(parts, context.Length);

        Assert.Equal(context.Length, blocks.Dimension);
        Assert.Equal(parts.HasFlag(ContextParts.Structural) ? StructuralFeatures.Count : 0, blocks.Structural);
        Assert.Equal(parts.HasFlag(ContextParts.Embedding) ? 4 : 0, blocks.Embedding);
    }

    [Theory]
    [InlineData(ContextParts.All, 3)]
    [InlineData(ContextParts.Structural, 40)]
    public void A_length_that_no_context_has_is_refused(ContextParts parts, int dimension) =>
        Assert.Throws<ArgumentException>(() => ContextLayout.Blocks(parts, dimension));

    [Fact]
    public void Facts_of_a_decision_are_those_of_its_chosen_arm()
    {
        var log = new Log(new TenantConfiguration { Arms = [Log.Arm("a", 0.1), Log.Arm("b", 0.2)] });
        var decision = log.Decide(Log.Query(1), input => input with { PinnedArm = "b" });

        var facts = DecisionFacts.Of(decision);

        Assert.Equal(("b", decision.DecisionId, decision.Ordinal, true), (facts.ServedArm, facts.DecisionId, facts.Ordinal, facts.Pinned));
        Assert.Equal(decision.ReservedUsd, facts.ReservedUsd);
        Assert.Same(decision.Context, facts.Context);
        Assert.Null(facts.SettledUsd);
    }
}
