using System.Text;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Gateway.Tests;

/// <summary>Arm a retrieves before it is called; so does arm b, and arm c does not.</summary>
public sealed class RetrievalRoutingTests : IDisposable
{
    private const double Usd = 0.004;
    private static readonly ChatPart Counted = new("data: x\n\n"u8.ToArray(), new TokenUsage(600, 0, 10), 80, false);
    private static readonly ChatPart Last = new("data: [DONE]\n\n"u8.ToArray(), null, 0, true);
    private static readonly ArmRetrieval Retrieval = new("kb", TimeSpan.FromSeconds(2), FailsOpen: true, Usd, MostBytes: 10);

    private readonly RecordingEngine _engine = new("a", "b", "c");
    private readonly ScriptedProvider _provider = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Retriever _retriever = new();
    private readonly Catalog _catalog = new();
    private readonly RoutingRig _rig;

    public RetrievalRoutingTests()
    {
        _rig = new RoutingRig(_engine, _provider, _catalog, new RoutingOptions { FailureThreshold = 100 }, _time, _retriever);
        foreach (var arm in new[] { "a", "b", "c" })
        {
            _provider.Answers(arm, Counted, Last);
            _catalog.Arms[arm] = new ArmTarget(new UpstreamEndpoint { Name = "up", BaseAddress = new Uri("http://127.0.0.1/v1") }, arm, TokenPrices.PerMillion(1, 2));
        }

        Retrieves("a", Retrieval);
        Retrieves("b", Retrieval);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task The_text_goes_with_the_call_and_its_price_and_time_are_the_arms()
    {
        _retriever.Answer = async (query, _) =>
        {
            Assert.Equal(("t", "What is new?", RecordingEngine.DecisionId, "a"), (query.Tenant, query.Question, query.DecisionId, query.Arm));
            _time.Advance(TimeSpan.FromSeconds(1));
            return await Task.FromResult("known");
        };
        await CallAsync();
        var call = Assert.Single(_provider.Calls);
        Assert.Equal("known", Encoding.UTF8.GetString(call.Retrieved.Span));
        Assert.Equal(40 + 500, call.InputTokens);
        var settlement = Assert.Single(_engine.Settlements);
        Assert.Equal((600 * 1e-6) + (10 * 2e-6) + Usd, settlement.CostUsd!.Value, 12);
        Assert.Equal(1, settlement.LatencySeconds!.Value, 6);
    }

    [Fact]
    public async Task An_arm_without_retrieval_asks_nobody()
    {
        _catalog.Arms.Remove("a");
        _catalog.Arms.Remove("b");
        Assert.Equal("c", await CallAsync());
        Assert.Equal(0, _retriever.Asked);
        Assert.Null(_engine.Settlements.Single().CostUsd);
    }

    [Fact]
    public async Task A_text_that_is_too_long_is_cut_between_characters()
    {
        _retriever.Answer = (_, _) => ValueTask.FromResult<string?>("123456789ü");
        await CallAsync();
        Assert.Equal("123456789", Encoding.UTF8.GetString(_provider.Calls[0].Retrieved.Span));
    }

    [Fact]
    public async Task One_that_fails_open_is_done_without_and_costs_nothing()
    {
        _retriever.Answer = (_, _) => throw new InvalidOperationException("It broke.");
        Assert.Equal("a", await CallAsync());
        Assert.True(_provider.Calls[0].Retrieved.IsEmpty);
        Assert.Equal((600 * 1e-6) + (10 * 2e-6), _engine.Settlements[0].CostUsd!.Value, 12);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_used_is_done_without_and_paid_once()
    {
        _provider.Fails("a", new ChatProviderException(ChatFailure.RateLimited, "Too many.") { UpstreamStatus = 429 });
        _retriever.Answer = (_, _) => throw new UnusableRetrievalException("It is too long.");
        Assert.Equal("b", await CallAsync());
        Assert.Equal(1, _retriever.Asked);
        Assert.All(_provider.Calls, call => Assert.True(call.Retrieved.IsEmpty));
        var settlement = Assert.Single(_engine.Settlements);
        Assert.Equal(Usd, Assert.Single(settlement.FailedAttempts).CostUsd!.Value, 12);
        Assert.Equal((600 * 1e-6) + (10 * 2e-6), settlement.CostUsd!.Value, 12);
    }

    [Fact]
    public async Task An_answer_that_cannot_be_used_is_paid_by_the_arm_that_takes_over_where_it_fails_closed()
    {
        Retrieves("a", Retrieval with { FailsOpen = false });
        Retrieves("b", Retrieval with { FailsOpen = false });
        _retriever.Answer = (_, _) => throw new UnusableRetrievalException("It is too long.");
        Assert.Equal("c", await CallAsync());
        Assert.Equal(1, _retriever.Asked);
        Assert.Equal(Usd + (600 * 1e-6) + (10 * 2e-6), Assert.Single(_engine.Settlements).CostUsd!.Value, 12);
        Assert.Equal(["b", "c"], _engine.Reroutes.Select(reroute => reroute.ToArm));
        Assert.All(_engine.Reroutes, reroute => Assert.Equal(Usd, reroute.AttemptsUsd!.Value, 12));
    }

    [Fact]
    public async Task One_that_fails_closed_gives_the_call_to_the_next_arm_and_no_model_a_bad_name()
    {
        Retrieves("a", Retrieval with { FailsOpen = false });
        Retrieves("b", Retrieval with { FailsOpen = false });
        _retriever.Answer = (_, _) => throw new InvalidOperationException("It broke.");
        Assert.Equal("c", await CallAsync());
        Assert.Equal(["c"], _provider.Called);
        Assert.Empty(_engine.Settlements[0].FailedAttempts);
    }

    [Fact]
    public async Task One_that_takes_too_long_counts_as_failed_though_it_does_not_listen()
    {
        var asked = new TaskCompletionSource();
        _retriever.Answer = async (_, _) =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, _time, CancellationToken.None);
            return null;
        };
        var calling = CallAsync();
        await asked.Task;
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("a", await calling);
        Assert.True(_provider.Calls[0].Retrieved.IsEmpty);
        Assert.Equal(Usd + (600 * 1e-6) + (10 * 2e-6), _engine.Settlements[0].CostUsd!.Value, 12);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_failed_is_not_asked_again_by_the_next_arm_and_is_paid_where_it_may_have_worked(bool isLate)
    {
        _provider.Fails("a", new ChatProviderException(ChatFailure.RateLimited, "Too many.") { UpstreamStatus = 429 });
        _retriever.Answer = (_, end) =>
        {
            if (!isLate)
            {
                throw new HttpRequestException("No connection.");
            }

            _time.Advance(TimeSpan.FromSeconds(3));
            throw new OperationCanceledException(end);
        };
        Assert.Equal("b", await CallAsync());
        Assert.Equal(1, _retriever.Asked);
        var settlement = Assert.Single(_engine.Settlements);
        Assert.Equal(isLate ? Usd : 0, Assert.Single(settlement.FailedAttempts).CostUsd ?? 0, 12);
        Assert.Equal((600 * 1e-6) + (10 * 2e-6), settlement.CostUsd!.Value, 12);
    }

    [Fact]
    public async Task What_was_retrieved_is_looked_at_before_a_model_gets_it()
    {
        Assert.Equal("a", await CallAsync((text, _) => ValueTask.FromResult(text.ToUpperInvariant())));
        Assert.Equal("KNOWN", Encoding.UTF8.GetString(_provider.Calls[0].Retrieved.Span));
    }

    [Theory]
    [InlineData(true, "b")]
    [InlineData(false, "c")]
    public async Task What_must_not_be_used_is_used_by_no_arm_and_paid_once(bool failsOpen, string served)
    {
        Retrieves("a", Retrieval with { FailsOpen = failsOpen });
        Retrieves("b", Retrieval with { FailsOpen = failsOpen });
        _provider.Fails("a", new ChatProviderException(ChatFailure.RateLimited, "Too many.") { UpstreamStatus = 429 });
        Assert.Equal(served, await CallAsync((_, _) => throw new InvalidOperationException("It is blocked.")));
        Assert.Equal(1, _retriever.Asked);
        Assert.All(_provider.Calls, call => Assert.True(call.Retrieved.IsEmpty));
        var settlement = Assert.Single(_engine.Settlements);
        Assert.Equal(Usd + (600 * 1e-6) + (10 * 2e-6), settlement.CostUsd!.Value + settlement.FailedAttempts.Sum(attempt => attempt.CostUsd ?? 0), 12);
    }

    [Fact]
    public async Task It_is_asked_once_a_call_and_paid_with_the_attempt_that_came_first()
    {
        _provider.Fails("a", new ChatProviderException(ChatFailure.RateLimited, "Too many.") { UpstreamStatus = 429 });
        Assert.Equal("b", await CallAsync());
        Assert.Equal(1, _retriever.Asked);
        Assert.Equal("known", Encoding.UTF8.GetString(_provider.Calls[1].Retrieved.Span));
        var settlement = Assert.Single(_engine.Settlements);
        Assert.Equal(Usd, Assert.Single(settlement.FailedAttempts).CostUsd!.Value, 12);
        Assert.Equal((600 * 1e-6) + (10 * 2e-6), settlement.CostUsd!.Value, 12);
        Assert.Equal(Usd, Assert.Single(_engine.Reroutes).AttemptsUsd!.Value, 12);
    }

    [Fact]
    public async Task What_was_retrieved_is_paid_though_no_model_answers()
    {
        foreach (var arm in new[] { "a", "b", "c" })
        {
            _provider.Fails(arm, new ChatProviderException(ChatFailure.ServerError, "It failed.") { UpstreamStatus = 500 });
        }

        await Assert.ThrowsAsync<UpstreamsExhaustedException>(CallAsync);
        var settlement = Assert.Single(_engine.Settlements);
        Assert.Equal(Usd, settlement.CostUsd!.Value + settlement.FailedAttempts.Sum(attempt => attempt.CostUsd ?? 0), 12);
    }

    private void Retrieves(string arm, ArmRetrieval retrieval) =>
        _catalog.Arms[arm] = _catalog.Arms[arm] with { Retrieval = retrieval, Overhead = new CallOverhead { InputTokens = 500, MostInputTokens = 1000, Usd = retrieval.Usd } };

    private Task<string> CallAsync() => CallAsync(null);

    private async Task<string> CallAsync(Func<string, CancellationToken, ValueTask<string>>? screen)
    {
        var body = """{"messages":[{"role":"user","content":"Hello."},{"role":"assistant","content":"Hello."},{"role":"user","content":[{"type":"text","text":"What is new?"}]}]}"""u8.ToArray();
        await using var call = await _rig.Routing.ChatAsync(
            "t", "x", new DecisionRequest { Features = QueryFeatures.Of("x", [], null, 40) }, new ChatPayload(body, true) { Screen = screen }, null, CancellationToken.None);
        await foreach (var _ in call.ReadAsync(CancellationToken.None))
        {
        }

        return call.ServedArm;
    }

    private sealed class Catalog : IArmCatalog
    {
        public Dictionary<string, ArmTarget> Arms { get; } = [];

        public IReadOnlyDictionary<string, ArmTarget> Targets(string tenant) => Arms;
    }

    private sealed class Retriever : IRetrievers, IRetriever
    {
        public Func<RetrievalQuery, CancellationToken, ValueTask<string?>> Answer { get; set; } = (_, _) => ValueTask.FromResult<string?>("known");

        public int Asked { get; private set; }

        public IRetriever? Find(string name) => name == "kb" ? this : null;

        public ValueTask<string?> RetrieveAsync(RetrievalQuery query, CancellationToken cancellationToken)
        {
            Asked++;
            return Answer(query, cancellationToken);
        }
    }
}
