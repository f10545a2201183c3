using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Streams;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Refuses a stream provider that the silo does not have: rewards would never reach their owners by stream.</summary>
/// <param name="services">The silo's services, looked through when the silo starts, so that the order in which they are added does not matter.</param>
internal sealed class StreamProviderCheck(IServiceCollection services) : IValidateOptions<OrleansEngineOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, OrleansEngineOptions options)
    {
        var known = services
            .Where(service => service.IsKeyedService && service.ServiceType == typeof(IStreamProvider))
            .Select(service => service.ServiceKey)
            .OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .ToList();
        return string.IsNullOrWhiteSpace(options.StreamProvider) || known.Contains(options.StreamProvider)
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"StreamProvider is '{options.StreamProvider}', which is no stream provider of this silo; it has {(known.Count == 0 ? "none" : string.Join(", ", known))}.");
    }
}
