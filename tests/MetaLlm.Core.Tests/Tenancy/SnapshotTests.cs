using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class SnapshotTests
{
    private readonly Log _log = new(TenantStateTests.Configuration("metallm"));

    [Fact]
    public void State_of_another_tenant_model_or_reduction_is_refused_with_both_names()
    {
        Refused(() => TenantState.Load(_log.Save(), "other", Log.Model, Log.Reduction()), "acme", "other");
        Refused(() => TenantState.Load(_log.Save(), "acme", "model-2", Log.Reduction()), Log.Model, "model-2");
        Refused(() => TenantState.Load(_log.Save(), "acme", Log.Model, Log.Reduction("pca-9")), "identity", "pca-9");
    }

    [Fact]
    public void Every_damaged_byte_is_noticed()
    {
        var bytes = _log.Save();
        for (var i = 0; i < bytes.Length; i += 97)
        {
            bytes[i] ^= 0x10;
            Refused(() => TenantState.Load(bytes, "acme", Log.Model, Log.Reduction()), "damaged");
            bytes[i] ^= 0x10;
        }

        Assert.Equal("acme", TenantState.Load(bytes, "acme", Log.Model, Log.Reduction()).Tenant);
    }

    [Fact]
    public void Cut_off_bytes_are_refused()
    {
        var bytes = _log.Save();
        foreach (var length in new[] { 0, 10, 31, 32, bytes.Length / 2, bytes.Length - 1 })
        {
            Assert.Throws<InvalidDataException>(() => TenantState.Load(bytes.AsSpan(0, length), "acme", Log.Model, Log.Reduction()));
        }
    }

    [Fact]
    public void An_unconfigured_tenant_survives_the_round_trip()
    {
        var state = TenantState.Create("acme", Log.Model, Log.Reduction());
        var loaded = TenantState.Load(Log.Save(state), "acme", Log.Model, Log.Reduction());
        Assert.Null(loaded.Configuration);
        Assert.Equal(Log.Save(state), Log.Save(loaded));
    }

    [Fact]
    public void The_configuration_is_part_of_the_snapshot()
    {
        var configuration = TenantStateTests.Configuration("metallm") with
        {
            PolicyOptions = new Dictionary<string, double> { ["epsilon"] = 0.01 },
            HardCapUsd = 3,
            HardCapWindow = TimeSpan.FromHours(2),
            HardCapReserve = HardCapReserve.P99,
            RouteExpiry = RouteExpiry.Predicted,
            LatencyWeight = 0.1,
            PriceWeight = 2,
            Arms = [Log.Arm("a", 1) with { Capabilities = ["tools"], ContextTokens = 9, MaxOutputTokens = 7, Enabled = false }, Log.Arm("b", 2)],
        };
        _log.Configure(configuration);
        var loaded = _log.Reload();
        Assert.Equivalent(configuration, loaded.Configuration, strict: true);
        Assert.Equal(_log.State.Report().StateHash, loaded.Report().StateHash);
    }

    [Fact]
    public void A_state_without_bounds_limits_or_waste_keeps_the_layout_and_so_the_hash_that_it_had()
    {
        var log = new Log(TenantStateTests.Configuration("metallm"));
        var decision = log.Decide(Log.Query(1));
        Assert.Equal(7, Layout(log));
        log.Settle(decision, 0.001);
        Assert.Equal(6, Layout(log));
        log.Settle(log.Decide(Log.Query(2)), 0.001, attempts: new FailedAttempt("small", FailureKind.Cut, default, 0.002, 1));
        Assert.Equal(7, Layout(log));

        // The magic's length and bytes come before it.
        static int Layout(Log log) => BitConverter.ToInt32(log.Save(), 4 + "MetaLlm tenant state".Length);
    }

    [Fact]
    public void A_warm_start_survives_the_round_trip_and_a_later_budget_finds_its_price()
    {
        var world = new World(4, [0.001, 0.004, 0.02]);
        var log = new Log(world.Configuration());
        log.State.WarmStart([.. Enumerable.Range(0, 200).Select(i => world.WarmRow(i, i))]);
        var other = new Log(world.Configuration()) { State = log.Reload() };
        foreach (var each in new[] { log, other })
        {
            each.Configure(world.Configuration(budget: 0.003));
            world.Play(each, 1000, 30);
        }

        Assert.Equal(log.Save(), other.Save());
        Assert.True(log.State.Report().Lambda > 0);
    }

    private static void Refused(Action action, params string[] expected)
    {
        var exception = Assert.Throws<InvalidDataException>(action);
        Assert.All(expected, word => Assert.Contains(word, exception.Message, StringComparison.Ordinal));
    }
}
