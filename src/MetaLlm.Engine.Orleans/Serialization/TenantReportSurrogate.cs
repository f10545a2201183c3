using MetaLlm.Core.Tenancy;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="TenantReport"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.tenant-report")]
internal struct TenantReportSurrogate
{
    [Id(0)]
    public string Tenant;

    [Id(1)]
    public string Policy;

    [Id(2)]
    public int PolicyVersion;

    [Id(3)]
    public string FeatureSchema;

    [Id(4)]
    public long Decisions;

    [Id(5)]
    public long EventsApplied;

    [Id(6)]
    public long RewardsApplied;

    [Id(7)]
    public long RewardsIgnored;

    [Id(8)]
    public double SpendUsd;

    [Id(9)]
    public double ReservedUsd;

    [Id(10)]
    public double Lambda;

    [Id(11)]
    public string StateHash;

    [Id(12)]
    public ArmReport[] Arms;

    [Id(13)]
    public int WarmStartRows;

    [Id(14)]
    public WindowReport[]? Windows;

    [Id(15)]
    public QualityFloorReport? QualityFloor;

    [Id(16)]
    public long RewardsDefaulted;

    [Id(17)]
    public ImputationReport? Imputation;
}

/// <summary>Turns <see cref="TenantReport"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class TenantReportConverter : IConverter<TenantReport, TenantReportSurrogate>
{
    /// <inheritdoc/>
    public TenantReport ConvertFromSurrogate(in TenantReportSurrogate surrogate) => new()
    {
        Tenant = surrogate.Tenant,
        Policy = surrogate.Policy,
        PolicyVersion = surrogate.PolicyVersion,
        FeatureSchema = surrogate.FeatureSchema,
        Decisions = surrogate.Decisions,
        EventsApplied = surrogate.EventsApplied,
        RewardsApplied = surrogate.RewardsApplied,
        RewardsIgnored = surrogate.RewardsIgnored,
        RewardsDefaulted = surrogate.RewardsDefaulted,
        WarmStartRows = surrogate.WarmStartRows,
        Windows = surrogate.Windows ?? [],
        QualityFloor = surrogate.QualityFloor,
        Imputation = surrogate.Imputation,
        SpendUsd = surrogate.SpendUsd,
        ReservedUsd = surrogate.ReservedUsd,
        Lambda = surrogate.Lambda,
        StateHash = surrogate.StateHash,
        Arms = surrogate.Arms,
    };

    /// <inheritdoc/>
    public TenantReportSurrogate ConvertToSurrogate(in TenantReport value) => new()
    {
        Tenant = value.Tenant,
        Policy = value.Policy,
        PolicyVersion = value.PolicyVersion,
        FeatureSchema = value.FeatureSchema,
        Decisions = value.Decisions,
        EventsApplied = value.EventsApplied,
        RewardsApplied = value.RewardsApplied,
        RewardsIgnored = value.RewardsIgnored,
        RewardsDefaulted = value.RewardsDefaulted,
        WarmStartRows = value.WarmStartRows,
        Windows = [.. value.Windows],
        QualityFloor = value.QualityFloor,
        Imputation = value.Imputation,
        SpendUsd = value.SpendUsd,
        ReservedUsd = value.ReservedUsd,
        Lambda = value.Lambda,
        StateHash = value.StateHash,
        Arms = [.. value.Arms],
    };
}

/// <summary>Passes <see cref="TenantReport"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class TenantReportCopier : ShallowCopier<TenantReport>;
