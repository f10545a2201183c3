namespace MetaLlm.Core.Tenancy;

/// <summary>Whether predictions stand in for rewards that did not come.</summary>
public enum ImputationStatus
{
    /// <summary>Too few rewards are known to check the predictions: nothing is imputed.</summary>
    Learning = 0,

    /// <summary>They do.</summary>
    On = 1,

    /// <summary>Predictions were off by more than chance where rewards came: nothing is imputed.</summary>
    OffBiased = 2,
}
