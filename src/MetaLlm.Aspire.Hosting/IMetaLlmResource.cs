using MetaLlm.Aspire.Hosting;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A router: the process that speaks HTTP. It runs from the container image, or from a project.</summary>
public interface IMetaLlmResource : IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    /// <summary>What its configuration file will say.</summary>
    RouterConfiguration Configuration { get; }
}
