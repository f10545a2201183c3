using System.Globalization;
using MetaLlm.Engine.Orleans.Grains;
using Microsoft.Extensions.Options;
using Orleans.Metadata;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Sets how many workers of a kind a silo has, where an attribute would fix the number in code.</summary>
internal sealed class WorkerCounts(IOptions<OrleansEngineOptions> options) : IGrainPropertiesProvider
{
    private const string MaxLocalInstances = "max-local-instances";

    /// <inheritdoc/>
    public void Populate(Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        int? count = grainClass == typeof(EmbeddingWorkerGrain) ? options.Value.EmbeddingWorkers
            : grainClass == typeof(JournalWorkerGrain) ? options.Value.JournalWorkers
            : null;
        if (count is { } workers)
        {
            properties[MaxLocalInstances] = workers.ToString(CultureInfo.InvariantCulture);
        }
    }
}
