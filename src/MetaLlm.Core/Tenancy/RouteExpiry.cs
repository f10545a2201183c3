namespace MetaLlm.Core.Tenancy;

/// <summary>What a decision costs whose caller makes the call itself and reports no outcome in time.</summary>
public enum RouteExpiry
{
    /// <summary>Nothing: the call is taken as never made.</summary>
    Free = 0,

    /// <summary>What was predicted: the call is taken as made.</summary>
    Predicted = 1,
}
