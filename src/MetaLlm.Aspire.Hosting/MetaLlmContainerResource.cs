using MetaLlm.Aspire.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A router that runs from the container image.</summary>
/// <param name="name">Its name.</param>
public sealed class MetaLlmContainerResource(string name) : ContainerResource(name), IMetaLlmResource
{
    /// <inheritdoc/>
    public RouterConfiguration Configuration { get; } = new();
}
