using MetaLlm.Engine.Orleans.Grains;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Lets idle policy grains leave memory at their own age. The silo looks often enough for it.</summary>
internal sealed class IdleGrainCollection(IOptions<OrleansEngineOptions> engine) : IPostConfigureOptions<GrainCollectionOptions>
{
    /// <inheritdoc/>
    public void PostConfigure(string? name, GrainCollectionOptions options)
    {
        var age = engine.Value.IdleAge;
        options.ClassSpecificCollectionAge[typeof(TenantPolicyGrain).FullName!] = age;
        if (options.CollectionQuantum >= age)
        {
            options.CollectionQuantum = age / 2;
        }
    }
}
