using MetaLlm.Engine.Orleans.Grains;
using Orleans.Metadata;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Says in the silo's manifest which kinds of events it reads, see <see cref="JournalReaders"/>.</summary>
internal sealed class ReadEvents : IGrainPropertiesProvider
{
    /// <inheritdoc/>
    public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        if (grainClass == typeof(TenantPolicyGrain))
        {
            properties[JournalReaders.Member] = JournalReaders.Known;
        }
    }
}
