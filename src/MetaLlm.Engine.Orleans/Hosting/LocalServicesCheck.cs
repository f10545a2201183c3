using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Refuses a silo whose workers or tenants lack what they need. It looks when the silo starts, so that the order of additions does not matter.</summary>
internal sealed class LocalServicesCheck(IServiceProviderIsKeyedService services) : IValidateOptions<OrleansEngineOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, OrleansEngineOptions options)
    {
        var missing = new List<string>();
        if (!services.IsKeyedService(typeof(IEmbedder), LocalServices.Key))
        {
            missing.Add($"The silo has no {nameof(IEmbedder)}: call AddMetaLlmEmbeddings, or add one of your own under the key LocalServices.Key.");
        }

        if (!services.IsKeyedService(typeof(IChatProvider), LocalServices.Key))
        {
            missing.Add($"The silo has no {nameof(IChatProvider)}: call AddMetaLlmProviders, or add one of your own under the key LocalServices.Key.");
        }

        if (!services.IsService(typeof(ITenantJournal)))
        {
            missing.Add($"The silo has no {nameof(ITenantJournal)}: call AddMetaLlmSqlite or AddMetaLlmPostgres.");
        }

        return missing.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(missing);
    }
}
