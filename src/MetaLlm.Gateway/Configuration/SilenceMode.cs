namespace MetaLlm.Gateway.Configuration;

/// <summary>What a request without feedback teaches.</summary>
public enum SilenceMode
{
    /// <summary>Nothing.</summary>
    Ignore = 0,

    /// <summary>A fixed reward.</summary>
    Value = 1,

    /// <summary>A predicted reward, at a small weight and while the predictions hold.</summary>
    Impute = 2,
}
