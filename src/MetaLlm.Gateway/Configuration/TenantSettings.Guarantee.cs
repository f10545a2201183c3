namespace MetaLlm.Gateway.Configuration;

public sealed partial class TenantSettings
{
    /// <summary>A promise of how often answers may differ from those of a reference model.</summary>
    public GuaranteeSettings Guarantee { get; init; } = new();
}
