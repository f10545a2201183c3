using MetaLlm.Engine.Orleans.Grains;
using Orleans.Metadata;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Says in the silo's manifest which release it runs.</summary>
internal sealed class SiloRelease : IGrainPropertiesProvider
{
    /// <summary>Member of the owner's manifest.</summary>
    public const string Member = "metallm.release";

    /// <inheritdoc/>
    public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        if (grainClass == typeof(TenantPolicyGrain))
        {
            properties[Member] = typeof(SiloRelease).Assembly.GetName().Version!.ToString(3);
        }
    }
}
