using MetaLlm.Core.Numerics;
using MetaLlm.Core.Sharing;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.SharedLearning;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.Tests.SharedLearning;

/// <summary>What leaves a tenant, and when.</summary>
public sealed class SharedLearningServiceTests
{
    private const string Tenant = "acme";

    // So large an epsilon leaves no noise in practice, and sums can be looked at.
    private static readonly SharingSettings Agreed = new() { Give = true, Epsilon = 1000, Models = new Dictionary<string, string> { ["small"] = "up/small", ["large"] = "up/large" } };

    private readonly InMemoryTenantJournal _journal = new();
    private readonly InMemorySharedLearningStore _store = new();
    private readonly ManualTimeProvider _time = new();
    private readonly SharedLearningOptions _options = new() { Topics = ["code"], MostDecisions = 1000 };
    private readonly SharedLearningService _service;
    private long _ordinal;

    public SharedLearningServiceTests() => _service = Service(_store);

    [Fact]
    public async Task A_decision_is_given_once_a_period_after_the_one_that_it_was_made_in()
    {
        await ConfigureAsync();
        await DecideAsync(1);
        await _service.GiveAsync(Tenant, Agreed, default);
        await DecideAsync(1, "code");
        await DecideAsync(0, "the acme deal");
        Assert.Empty((await GivenAsync()).Cells);
        await PeriodAsync();
        Assert.Empty((await GivenAsync()).Cells);
        await DecideAsync(1);
        await PeriodAsync();
        Assert.Equal([("", 0, 100), ("code", 100, 0)], await SumsAsync("up/small"));
        await PeriodAsync();
        await PeriodAsync();
        Assert.Equal([("", 100, 100), ("code", 100, 0)], await SumsAsync("up/small"));
        Assert.Equal([("", 0, 0), ("code", 0, 0)], await SumsAsync("up/large"));
        Assert.Equal(2, (await GivenAsync()).Releases);
    }

    [Fact]
    public async Task Nothing_leaves_that_was_decided_without_an_agreement_whatever_comes_and_goes()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            var run = new SharedLearningServiceTests();
            await run.ConfigureAsync();
            var (agreed, drawn) = (false, 0UL);
            for (var step = 0; step < 60; step++)
            {
                switch ((int)(CounterRandom.Uniform(seed, drawn++) * 5))
                {
                    case 0:
                        // As the owner does at both ends of an agreement.
                        agreed = !agreed;
                        await run._service.WithdrawAsync(Tenant, default);
                        await (agreed ? run._service.GiveAsync(Tenant, Agreed, default).AsTask() : Task.CompletedTask);
                        break;
                    case 1:
                        await run.PeriodAsync(agreed ? Agreed : Agreed with { Give = false });
                        break;
                    default:
                        await run.DecideAsync(agreed ? 1 : 0);
                        break;
                }

                // Rewards of decisions without an agreement are 0: none of them is in any sum.
                var cells = (await run._service.FindAsync(Tenant, default))?.Cells ?? [];
                Assert.Equal(0, cells.Sum(cell => cell.Bad));
                Assert.True(agreed || (await run._store.ListAsync(default)).Count == 0);
            }
        }
    }

    [Fact]
    public async Task What_a_store_keeps_and_a_pool_tells_holds_no_text_vector_id_or_tag()
    {
        await ConfigureAsync();
        await _service.GiveAsync(Tenant, Agreed, default);
        for (var i = 0; i < 5; i++)
        {
            await DecideAsync(1, "the acme deal");
        }

        await PeriodAsync();
        await PeriodAsync();
        var document = Assert.Single(await _store.ListAsync(default)).Document;
        foreach (var secret in new[] { "acme", "deal", "d-", "0.25" })
        {
            Assert.DoesNotContain(secret, document, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Noise_is_drawn_once_for_the_same_decisions()
    {
        await ConfigureAsync();
        var noisy = Agreed with { Epsilon = 0.5 };
        await _service.GiveAsync(Tenant, noisy, default);
        await DecideAsync(1);
        await PeriodAsync(noisy);
        await PeriodAsync(noisy);
        var given = await GivenAsync();
        Assert.Contains(given.Cells, cell => cell.Good is not (0 or 100));

        // Another process, and the same one asked again, leave it as it is.
        await Service(_store).GiveAsync(Tenant, noisy, default);
        await PeriodAsync(noisy);
        await PeriodAsync(noisy);
        var again = await GivenAsync();
        Assert.Equal(given.Cells, again.Cells);
        Assert.Equal((given.Releases, 0.5), (again.Releases, again.Epsilon));
    }

    [Fact]
    public async Task Of_two_owners_that_give_at_once_one_does()
    {
        await ConfigureAsync();
        await _service.GiveAsync(Tenant, Agreed, default);
        await DecideAsync(1);
        await PeriodAsync();
        _time.Advance(_options.Period);
        var racing = new RacingStore(_store, () => _service.GiveAsync(Tenant, Agreed, default).AsTask());
        await Service(racing).GiveAsync(Tenant, Agreed, default);
        Assert.Equal([("", 100, 0), ("code", 0, 0)], await SumsAsync("up/small"));
        Assert.Equal(1, (await GivenAsync()).Releases);
    }

    [Fact]
    public async Task The_newest_decisions_are_given_and_no_more_than_the_most()
    {
        _options.MostDecisions = 3;
        await ConfigureAsync();
        await _service.GiveAsync(Tenant, Agreed, default);
        await DecideAsync(0);
        await DecideAsync(0);
        for (var i = 0; i < 3; i++)
        {
            await DecideAsync(1);
        }

        await PeriodAsync();
        await PeriodAsync();
        Assert.Equal([("", 300, 0), ("code", 0, 0)], await SumsAsync("up/small"));
    }

    [Fact]
    public async Task Defaults_and_models_that_are_not_shared_are_left_out_and_corrections_count_as_they_stand()
    {
        await ConfigureAsync();
        await _service.GiveAsync(Tenant, Agreed, default);
        var (corrected, silent) = (await DecideAsync(0), await DecideAsync(null));
        await _journal.AppendFeedbackAsync(Tenant, [new FeedbackSubmission { DecisionId = corrected, Reward = 0.5, Weight = 0.4 }], _time.GetUtcNow(), default);
        await _journal.AppendFeedbackAsync(Tenant, [new FeedbackSubmission { DecisionId = silent, Reward = 1, IsDefault = true }], _time.GetUtcNow(), default);
        await PeriodAsync(Agreed with { Models = new Dictionary<string, string> { ["large"] = "up/large" } });
        await PeriodAsync();
        Assert.Equal([("", 20, 20), ("code", 0, 0)], await SumsAsync("up/small"));
    }

    [Fact]
    public async Task Without_a_store_nothing_is_given_and_the_pool_is_empty()
    {
        var alone = Service(null);
        Assert.Equal(DateTimeOffset.MaxValue, await alone.GiveAsync(Tenant, Agreed, default));
        await alone.WithdrawAsync(Tenant, default);
        Assert.Empty(await alone.PoolAsync(default));
        Assert.Empty(await alone.ReadCardsAsync(default));
    }

    private SharedLearningService Service(ISharedLearningStore? store) => new(_journal, _time, Options.Create(_options), store);

    private async Task ConfigureAsync() => await _journal.AppendConfigurationAsync(Tenant, TestTenants.Configuration(), _time.GetUtcNow(), default);

    private async Task<string> DecideAsync(double? reward, string? task = null)
    {
        var decision = TestTenants.Decision(Tenant, ++_ordinal, 1, _time.GetUtcNow()) with { Task = task };
        await _journal.AppendDecisionsAsync([decision], default);
        if (reward is { } value)
        {
            await _journal.AppendFeedbackAsync(Tenant, [new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = value }], _time.GetUtcNow(), default);
        }

        return decision.DecisionId;
    }

    private async Task PeriodAsync(SharingSettings? agreed = null)
    {
        _time.Advance(_options.Period);
        await _service.GiveAsync(Tenant, agreed ?? Agreed, default);
    }

    private async Task<SharedContribution> GivenAsync() => (await _service.FindAsync(Tenant, default))!;

    private async Task<IEnumerable<(string Topic, long Good, long Bad)>> SumsAsync(string model) =>
        (await GivenAsync()).Cells.Where(cell => cell.Model == model).Select(cell => (cell.Topic, cell.Good, cell.Bad));

    /// <summary>Somebody else gives between a read and the write that rests on it.</summary>
    private sealed class RacingStore(ISharedLearningStore store, Func<Task> between) : ISharedLearningStore
    {
        public ValueTask<StoredContribution?> FindAsync(string tenant, CancellationToken cancellationToken) => store.FindAsync(tenant, cancellationToken);

        public async ValueTask<bool> PutAsync(StoredContribution contribution, CancellationToken cancellationToken)
        {
            await between();
            return await store.PutAsync(contribution, cancellationToken);
        }

        public ValueTask<IReadOnlyList<StoredContribution>> ListAsync(CancellationToken cancellationToken) => store.ListAsync(cancellationToken);

        public ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) => store.DeleteTenantAsync(tenant, cancellationToken);
    }
}
