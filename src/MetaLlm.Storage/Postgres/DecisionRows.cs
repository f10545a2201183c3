using MetaLlm.Storage.Codecs;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>New rows of <c>decisions</c>, by column.</summary>
internal sealed class DecisionRows
{
    private const string Insert = """
        INSERT INTO decisions (
            tenant_key, ordinal, decision_id, applied_sequence, decided_at, feature_schema, context, propensity, pinned, chosen_arm,
            record, served_arm, reserved_usd)
        SELECT n.tenant_key, n.ordinal, n.decision_id, n.applied_sequence, n.decided_at, n.feature_schema, n.context, n.propensity, n.pinned,
            n.chosen_arm, n.record, n.chosen_arm, n.reserved_usd
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS n (
            tenant_key, ordinal, decision_id, applied_sequence, decided_at, feature_schema, context, propensity, pinned, chosen_arm,
            record, reserved_usd)
        """;

    private readonly List<long> _tenantKeys = [];
    private readonly List<long> _ordinals = [];
    private readonly List<string?> _ids = [];
    private readonly List<long> _appliedSequences = [];
    private readonly List<long> _instants = [];
    private readonly List<string?> _featureSchemas = [];
    private readonly List<byte[]?> _contexts = [];
    private readonly List<double> _propensities = [];
    private readonly List<bool> _pinned = [];
    private readonly List<string?> _chosenArms = [];
    private readonly List<ReadOnlyMemory<byte>> _records = [];
    private readonly List<double> _reserved = [];

    public int Count => _ordinals.Count;

    public void Add(long tenantKey, in EncodedDecision encoded)
    {
        var decision = encoded.Decision;
        _tenantKeys.Add(tenantKey);
        _ordinals.Add(decision.Ordinal);
        _ids.Add(decision.DecisionId);
        _appliedSequences.Add(decision.AppliedSequence);
        _instants.Add(decision.At.UtcTicks);
        _featureSchemas.Add(decision.FeatureSchema);
        _contexts.Add(encoded.Context);
        _propensities.Add(decision.Propensity);
        _pinned.Add(decision.Pinned);
        _chosenArms.Add(decision.ChosenArm);
        _records.Add(encoded.Record);
        _reserved.Add(decision.ReservedUsd);
    }

    public NpgsqlBatchCommand ToCommand() => new NpgsqlBatchCommand(Insert)
        .Column(_tenantKeys)
        .Column(_ordinals)
        .Column(_ids)
        .Column(_appliedSequences)
        .Column(_instants)
        .Column(_featureSchemas)
        .Column(_contexts)
        .Column(_propensities)
        .Column(_pinned)
        .Column(_chosenArms)
        .Column(_records)
        .Column(_reserved);
}
