using MetaLlm.Lab.Ope.Log;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Lab.Tests.Ope;

/// <summary>Each owner of a tenant with shards has a log of its own.</summary>
public sealed class ShardedLogTests
{
    [Fact]
    public async Task The_log_of_one_owner_is_never_taken_for_that_of_the_tenant()
    {
        var journal = new InMemoryTenantJournal();
        foreach (var (owner, count) in new[] { ("acme", 2), ("acme#2", 3), ("plain", 1) })
        {
            await journal.AppendConfigurationAsync(owner, TestTenants.Configuration(), DateTimeOffset.UnixEpoch, default);
            for (var ordinal = 1; ordinal <= count; ordinal++)
            {
                await journal.AppendDecisionsAsync([TestTenants.Decision(owner, ordinal, 1)], default);
            }
        }

        var counts = await Task.WhenAll(CountAsync("acme#1"), CountAsync("acme#2"), CountAsync("plain"));
        Assert.Equal([2, 3, 1], counts);
        var refusal = await Assert.ThrowsAsync<BadInputException>(() => CountAsync("acme"));
        Assert.Contains("acme has shards, each with a log of its own: name one of acme#1 to acme#2", refusal.Message, StringComparison.Ordinal);

        async Task<int> CountAsync(string tenant) => (await DecisionLogReader.ReadAsync(journal, null, tenant, default)).Decisions.Count;
    }
}
