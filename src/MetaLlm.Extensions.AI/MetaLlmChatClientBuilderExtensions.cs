using MetaLlm.Extensions.AI;
using MetaLlm.Extensions.AI.Chat;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.AI;

/// <summary>Routes the requests of a pipeline.</summary>
public static class MetaLlmChatClientBuilderExtensions
{
    /// <summary>
    /// Adds a stage by which requests go to the model that is worth its money, by way of <see cref="MetaLlmChatClient"/>. The client within answers only while MetaLlm itself cannot serve
    /// (<see cref="MetaLlmException.IsUnavailable"/>), such as while the silos cannot be reached: nothing is booked or learned then, and budgets do not hold. What a model or a budget refuses is no such case.
    /// </summary>
    /// <param name="builder">The pipeline; the services that it is built with have MetaLlm.</param>
    /// <param name="tenant">The tenant whose models, budgets and policy are used; null for the tenant of <c>AddMetaLlmChatClient</c>.</param>
    /// <returns>The same pipeline.</returns>
    public static ChatClientBuilder UseMetaLlm(this ChatClientBuilder builder, string? tenant = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use((inner, services) => new RoutedPipelineClient(
            inner,
            tenant is null ? services.GetRequiredService<MetaLlmChatClient>() : new MetaLlmChatClient(services, tenant),
            services.GetRequiredService<ILoggerFactory>().CreateLogger<MetaLlmChatClient>()));
    }
}
