using Aspire.Hosting.ApplicationModel;

namespace MetaLlm.Aspire.Hosting;

/// <summary>Where a router keeps its data.</summary>
/// <param name="Database">The database.</param>
/// <param name="Migration">What brings it to this build; whoever uses it waits for that.</param>
internal sealed record DatabaseAnnotation(IResourceBuilder<IResourceWithConnectionString> Database, IResourceBuilder<IResource> Migration) : IResourceAnnotation;
