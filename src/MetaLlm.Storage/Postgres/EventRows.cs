using MetaLlm.Core.Tenancy;
using MetaLlm.Storage.Codecs;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>New rows of <c>events</c>, by column; what a kind does not have is null.</summary>
internal sealed class EventRows
{
    private const string Insert = """
        INSERT INTO events (
            tenant_key, sequence, kind, recorded_at, decision_ordinal, served_arm, reserved_usd, settled_usd,
            configuration, to_arm, to_reserved_usd, reason,
            outcome, input_tokens, cached_tokens, output_tokens, cost_usd, latency_seconds, reward, previous_reward, warm_start, weight, previous_weight, defaulted)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
        """;

    private readonly List<long> _tenantKeys = [];
    private readonly List<long> _sequences = [];
    private readonly List<short> _kinds = [];
    private readonly List<long> _instants = [];
    private readonly List<long?> _ordinals = [];
    private readonly List<string?> _servedArms = [];
    private readonly List<double?> _reserved = [];
    private readonly List<double?> _settled = [];
    private readonly List<byte[]?> _configurations = [];
    private readonly List<string?> _toArms = [];
    private readonly List<double?> _toReserved = [];
    private readonly List<string?> _reasons = [];
    private readonly List<short?> _outcomes = [];
    private readonly List<double?> _inputs = [];
    private readonly List<double?> _cached = [];
    private readonly List<double?> _outputs = [];
    private readonly List<double?> _costs = [];
    private readonly List<double?> _latencies = [];
    private readonly List<double?> _rewards = [];
    private readonly List<double?> _previousRewards = [];
    private readonly List<byte[]?> _warmStarts = [];
    private readonly List<double?> _weights = [];
    private readonly List<double?> _previousWeights = [];
    private readonly List<short?> _defaulted = [];

    public int Count => _sequences.Count;

    public void Add(long tenantKey, ConfiguredEvent configured, byte[] encoded)
    {
        Add(tenantKey, EventKind.Configured, configured, null);
        AddDetails(configuration: encoded);
    }

    public void Add(long tenantKey, WarmStartedEvent started, byte[] encoded)
    {
        Add(tenantKey, EventKind.WarmStarted, started, null);
        AddDetails(warmStart: encoded);
    }

    public void Add(long tenantKey, QuizzedEvent quizzed, byte[] encoded)
    {
        Add(tenantKey, EventKind.Quizzed, quizzed, null);
        AddDetails(warmStart: encoded);
    }

    public void Add(long tenantKey, ReroutedEvent rerouted)
    {
        Add(tenantKey, EventKind.Rerouted, rerouted, rerouted.Decision);
        AddDetails(toArm: rerouted.ToArm, toReserved: rerouted.ReservedUsd, reason: rerouted.Reason);
    }

    /// <summary>Adds a settlement. A latency that is not a number was not measured.</summary>
    public void Add(long tenantKey, SettledEvent settled)
    {
        Add(tenantKey, EventKind.Settled, settled, settled.Decision);
        AddDetails(settlement: settled);
    }

    public void Add(long tenantKey, RewardedEvent rewarded)
    {
        Add(tenantKey, EventKind.Rewarded, rewarded, rewarded.Decision);
        AddDetails(rewarded: rewarded);
    }

    public NpgsqlBatchCommand ToCommand() => new NpgsqlBatchCommand(Insert)
        .Column(_tenantKeys)
        .Column(_sequences)
        .Column(_kinds)
        .Column(_instants)
        .Column(_ordinals)
        .Column(_servedArms)
        .Column(_reserved)
        .Column(_settled)
        .Column(_configurations)
        .Column(_toArms)
        .Column(_toReserved)
        .Column(_reasons)
        .Column(_outcomes)
        .Column(_inputs)
        .Column(_cached)
        .Column(_outputs)
        .Column(_costs)
        .Column(_latencies)
        .Column(_rewards)
        .Column(_previousRewards)
        .Column(_warmStarts)
        .Column(_weights)
        .Column(_previousWeights)
        .Column(_defaulted);

    private void Add(long tenantKey, EventKind kind, TenantEvent recorded, DecisionFacts? decision)
    {
        _tenantKeys.Add(tenantKey);
        _sequences.Add(recorded.Sequence);
        _kinds.Add((short)kind);
        _instants.Add(recorded.At.UtcTicks);
        _ordinals.Add(decision?.Ordinal);
        _servedArms.Add(decision?.ServedArm);
        _reserved.Add(decision?.ReservedUsd);
        _settled.Add(decision?.SettledUsd);
    }

    private void AddDetails(
        byte[]? configuration = null,
        string? toArm = null,
        double? toReserved = null,
        string? reason = null,
        SettledEvent? settlement = null,
        RewardedEvent? rewarded = null,
        byte[]? warmStart = null)
    {
        _configurations.Add(configuration);
        _toArms.Add(toArm);
        _toReserved.Add(toReserved);
        _reasons.Add(reason);
        _outcomes.Add((short?)settlement?.Outcome);
        _inputs.Add(settlement?.Usage.Input);
        _cached.Add(settlement?.Usage.CachedInput);
        _outputs.Add(settlement?.Usage.Output);
        _costs.Add(settlement?.CostUsd);
        _latencies.Add(settlement is null || double.IsNaN(settlement.LatencySeconds) ? null : settlement.LatencySeconds);
        _rewards.Add(rewarded?.Reward);
        _previousRewards.Add(rewarded?.PreviousReward);
        _weights.Add(rewarded?.Weight);
        _previousWeights.Add(rewarded?.PreviousWeight);
        _defaulted.Add(rewarded?.Defaulted == true ? (short)1 : null);
        _warmStarts.Add(warmStart);
    }
}
