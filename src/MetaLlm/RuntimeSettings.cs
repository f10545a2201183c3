using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Tenants;

namespace MetaLlm;

/// <summary>How a silo keeps tenants and works for them. The defaults suit most.</summary>
public sealed class RuntimeSettings
{
    /// <summary>How a tenant's state is kept, saved and rebuilt.</summary>
    [Inline]
    public TenantRuntimeOptions Tenants { get; } = new();

    /// <summary>How a silo works for its tenants.</summary>
    [Inline]
    public OrleansEngineOptions Silo { get; } = new();
}
