using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.Storage.Postgres;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the PostgreSQL journal.</summary>
public static class MetaLlmPostgresServiceCollectionExtensions
{
    /// <summary>Keeps decisions and events in a PostgreSQL database, whose schema is checked when the application starts.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options, the connection string among them; they are validated when the application starts.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMetaLlmPostgres(this IServiceCollection services, Action<PostgresOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddMetaLlmMetrics();
        services.AddCheckedOptions(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new PostgresDatabase(
            provider.GetRequiredService<IOptions<PostgresOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<EngineMetrics>(),
            provider.GetRequiredService<ILogger<PostgresDatabase>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, PostgresSchemaCheck>());
        services.TryAddSingleton<ITenantJournal, PostgresTenantJournal>();
        services.TryAddSingleton<ITenantDirectory, PostgresTenantDirectory>();
        services.TryAddSingleton<IUsageReports, PostgresUsageReports>();
        services.TryAddSingleton<IUsageSums, PostgresUsageSums>();
        services.TryAddSingleton<IDecisionSearch, PostgresDecisionSearch>();
        services.TryAddSingleton<IResponseStore, PostgresResponseStore>();
        services.TryAddSingleton<IAnswerStore, PostgresAnswerStore>();
        services.TryAddSingleton<IFileStore, PostgresFileStore>();
        services.TryAddSingleton<IBatchStore, PostgresBatchStore>();
        services.TryAddSingleton<IRequestLogStore, PostgresRequestLogStore>();
        services.TryAddSingleton<ISharedLearningStore, PostgresSharedLearningStore>();
        services.TryAddSingleton<IJournalRetention, PostgresRetention>();
        return services;
    }
}
