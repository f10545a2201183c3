namespace MetaLlm.Gateway.Configuration;

public sealed partial class TenantSettings
{
    /// <summary>Weighs a model's answer before it leaves, and lets another one take over.</summary>
    public CascadeSettings Cascade { get; init; } = new();
}
