using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.Storage.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the SQLite journal.</summary>
public static class MetaLlmSqliteServiceCollectionExtensions
{
    /// <summary>Keeps decisions and events in one SQLite file.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; they are validated when the application starts.</param>
    /// <returns>The same services.</returns>
    public static IServiceCollection AddMetaLlmSqlite(this IServiceCollection services, Action<SqliteOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddMetaLlmMetrics();
        services.AddCheckedOptions(configure);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => SqliteDatabase.Open(
            provider.GetRequiredService<IOptions<SqliteOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<EngineMetrics>(),
            provider.GetRequiredService<ILogger<SqliteDatabase>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SqliteOpening>());
        services.TryAddSingleton<ITenantJournal, SqliteTenantJournal>();
        services.TryAddSingleton<ITenantDirectory, SqliteTenantDirectory>();
        services.TryAddSingleton<IUsageReports, SqliteUsageReports>();
        services.TryAddSingleton<IUsageSums, SqliteUsageSums>();
        services.TryAddSingleton<IDecisionSearch, SqliteDecisionSearch>();
        services.TryAddSingleton<IResponseStore, SqliteResponseStore>();
        services.TryAddSingleton<IAnswerStore, SqliteAnswerStore>();
        services.TryAddSingleton<IFileStore, SqliteFileStore>();
        services.TryAddSingleton<IBatchStore, SqliteBatchStore>();
        services.TryAddSingleton<IRequestLogStore, SqliteRequestLogStore>();
        services.TryAddSingleton<ISharedLearningStore, SqliteSharedLearningStore>();
        services.TryAddSingleton<IJournalRetention, SqliteRetention>();
        services.TryAddSingleton<IGrainStateTable, SqliteGrainStateTable>();
        return services;
    }
}
