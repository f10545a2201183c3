using MetaLlm.Aspire.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A router, or a silo of it, that runs from the project of the host.</summary>
/// <param name="name">Its name.</param>
public sealed class MetaLlmProjectResource(string name) : ProjectResource(name), IMetaLlmResource
{
    /// <inheritdoc/>
    public RouterConfiguration Configuration { get; } = new();
}
