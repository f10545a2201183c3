namespace MetaLlm.Gateway.Configuration;

/// <summary>Who promotes a challenger once its gate is open.</summary>
public enum ChallengerPromotion
{
    /// <summary>Somebody, by hand.</summary>
    Manual = 0,

    /// <summary>The gateway.</summary>
    Automatic = 1,
}
