namespace MetaLlm.Gateway.Configuration;

/// <content>What is bought so that more is known of models.</content>
public sealed partial class TenantSettings
{
    /// <summary>A purse for answers of models that did not serve, which the policy learns from.</summary>
    public TenantEvidenceSettings Evidence { get; init; } = new();

    /// <summary>Whether the prices are those of a moment.</summary>
    internal bool HoldAt(DateTimeOffset at) => at >= PricesSince && at < PricesUntil;
}
