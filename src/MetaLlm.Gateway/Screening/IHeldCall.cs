using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Screening;

/// <summary>A call that is kept in memory until somebody has looked at it.</summary>
internal interface IHeldCall
{
    /// <summary>The tenant.</summary>
    TenantSettings Tenant { get; }

    /// <summary>Bytes that it keeps in memory, roughly; no other number once it was handed in.</summary>
    long Bytes { get; }
}
