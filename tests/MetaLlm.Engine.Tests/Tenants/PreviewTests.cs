using MetaLlm.TestKit;

namespace MetaLlm.Engine.Tests.Tenants;

public sealed class PreviewTests
{
    [Fact]
    public async Task A_preview_says_what_the_next_decision_says_and_leaves_state_and_journal_as_they_are()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        for (var i = 0; i < 5; i++)
        {
            await (await harness.Runtime.DecideAsync(TestTenants.Query(i), default)).Durable;
        }

        var before = await RuntimeHarness.HashAsync(harness.Runtime);
        var first = await harness.Runtime.PreviewAsync(TestTenants.Query(7), default);
        var again = await harness.Runtime.PreviewAsync(TestTenants.Query(7), default);

        Assert.Equal(before, await RuntimeHarness.HashAsync(harness.Runtime));
        Assert.Equal(5, (await harness.Journal.ReadDecisionsAsync(RuntimeHarness.Tenant, 0, 10, default)).Count);
        Assert.Equal(first.Arms, again.Arms);
        var decided = await harness.Runtime.DecideAsync(TestTenants.Query(7), default);
        await decided.Durable;
        Assert.Equal(first.Arms, decided.Record.Arms);
        Assert.Equal((first.ChosenArm, first.Draw, first.Lambda, first.Ordinal), (decided.Record.ChosenArm, decided.Record.Draw, decided.Record.Lambda, decided.Record.Ordinal));
        Assert.Equal("preview", first.DecisionId);
        Assert.NotEqual("preview", decided.Record.DecisionId);
    }
}
