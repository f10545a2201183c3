using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="DecideCommand"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.decide-command")]
internal struct DecideCommandSurrogate
{
    [Id(0)]
    public QueryFeatures Features;

    [Id(1)]
    public RequestDial Dial;

    [Id(2)]
    public string? PinnedArm;

    [Id(3)]
    public string[]? AllowedArms;

    [Id(4)]
    public string[]? UnhealthyArms;

    [Id(5)]
    public string[]? RequiredCapabilities;

    [Id(6)]
    public double? MaxCostUsd;

    [Id(7)]
    public int Origin;
}

/// <summary>Turns <see cref="DecideCommand"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class DecideCommandConverter : IConverter<DecideCommand, DecideCommandSurrogate>
{
    /// <inheritdoc/>
    public DecideCommand ConvertFromSurrogate(in DecideCommandSurrogate surrogate) => new()
    {
        Features = surrogate.Features,
        Dial = surrogate.Dial,
        PinnedArm = surrogate.PinnedArm,
        AllowedArms = surrogate.AllowedArms,
        UnhealthyArms = surrogate.UnhealthyArms,
        RequiredCapabilities = surrogate.RequiredCapabilities,
        MaxCostUsd = surrogate.MaxCostUsd,
        Origin = (DecisionOrigin)surrogate.Origin,
    };

    /// <inheritdoc/>
    public DecideCommandSurrogate ConvertToSurrogate(in DecideCommand value) => new()
    {
        Features = value.Features,
        Dial = value.Dial,
        PinnedArm = value.PinnedArm,
        AllowedArms = value.AllowedArms?.ToArray(),
        UnhealthyArms = value.UnhealthyArms?.ToArray(),
        RequiredCapabilities = value.RequiredCapabilities?.ToArray(),
        MaxCostUsd = value.MaxCostUsd,
        Origin = (int)value.Origin,
    };
}

/// <summary>Passes <see cref="DecideCommand"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class DecideCommandCopier : ShallowCopier<DecideCommand>;
