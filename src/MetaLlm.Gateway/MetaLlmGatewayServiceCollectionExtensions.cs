using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Onboarding;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Engine.Routing.Circuits;
using MetaLlm.Gateway;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Batches;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Endpoints;
using MetaLlm.Gateway.Evidence;
using MetaLlm.Gateway.Health;
using MetaLlm.Gateway.Guarantees;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Idempotency;
using MetaLlm.Gateway.Judging;
using MetaLlm.Gateway.Management;
using MetaLlm.Gateway.OpenApi;
using MetaLlm.Gateway.RequestLog;
using MetaLlm.Gateway.Retrieval;
using MetaLlm.Gateway.Rollout;
using MetaLlm.Gateway.Rollout.Challengers;
using MetaLlm.Gateway.Screening;
using MetaLlm.Gateway.Surfaces.Responses;
using MetaLlm.Gateway.Telemetry;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the gateway.</summary>
public static class MetaLlmGatewayServiceCollectionExtensions
{
    /// <summary>
    /// Adds the gateway alone. An engine comes with a silo or a cluster client, see <c>AddMetaLlm</c> of the silo's and the client's builders; the order does
    /// not matter.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The configuration; its section <c>MetaLlm</c> is read now and again when it changes.</param>
    /// <param name="context">Environment and overrides; null for the process's own environment and none.</param>
    /// <exception cref="SettingsException">The configuration cannot be used; the exception lists everything that is wrong.</exception>
    public static IMetaLlmBuilder AddMetaLlmGateway(
        this IServiceCollection services, IConfiguration configuration, SettingsContext? context = null) =>
        services.AddMetaLlmGateway<MetaLlmSettings>(configuration, context);

    /// <summary>As <see cref="AddMetaLlmGateway(IServiceCollection, IConfiguration, SettingsContext?)"/>, for a host that has settings of its own in the section.</summary>
    /// <typeparam name="TSettings">The settings with those of the host.</typeparam>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The configuration; its section <c>MetaLlm</c> is read now and again when it changes.</param>
    /// <param name="context">Environment and overrides; null for the process's own environment and none.</param>
    /// <param name="configure">Changes settings after each reading; null to take them as they are.</param>
    /// <exception cref="SettingsException">The configuration cannot be used; the exception lists everything that is wrong.</exception>
    public static IMetaLlmBuilder AddMetaLlmGateway<TSettings>(
        this IServiceCollection services, IConfiguration configuration, SettingsContext? context = null, Action<TSettings>? configure = null)
        where TSettings : MetaLlmSettings, new()
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        context ??= new SettingsContext();
        var settings = Read(configuration, context, configure);
        services.AddRoutingCore();
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(new SettingsStore(settings));
        services.AddSingleton<IArmCatalog, ArmCatalog>();
        services.AddSingleton(settings.Routing);
        services.AddSingleton<CircuitBreakers>();
        services.AddSingleton<RoutingMetrics>();
        services.AddSingleton<AdmissionMetrics>();
        services.AddSingleton(s => new FairConcurrencyLimiter(
            settings.Routing.EmbeddingPlaces, settings.Routing.LongestWait, s.GetRequiredService<TimeProvider>(), s.GetRequiredService<AdmissionMetrics>()));
        services.TryAddSingleton<IAllowanceHolder, LocalAllowances>();
        services.AddSingleton<AdmissionControl>();
        services.AddHostedService(s => s.GetRequiredService<AdmissionControl>());
        services.AddSingleton<AdmissionFilter>();
        services.AddSingleton(s => new RefusalPace(Environment.ProcessorCount, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<BodyMemory>();
        services.AddSingleton<QueryEmbeddings>();
        services.AddSingleton<PendingSettlements>();
        services.AddHostedService(s => s.GetRequiredService<PendingSettlements>());
        services.AddSingleton<CallLog>();
        services.AddSingleton<IRetrievers, Retrievers>();
        services.AddSingleton<RoutingService>();
        services.AddSingleton<OutcomeReports>();
        services.AddCors();
        services.AddMetaLlmAuthentication();
        services.AddTenantDirectory();
        services.AddSingleton<StartGate>();
        services.AddSingleton<CallDrain>();
        services.AddSingleton<ReloadStatus>();
        services.AddSingleton<RelearnEndpoint>();
        services.AddSingleton<ErrorFilter>();
        services.AddSingleton<AnswerKeeper>();
        services.AddSingleton<CachedCalls>();
        services.AddSingleton<SimilarCalls>();
        services.AddScreening();
        services.AddBatches();
        services.AddSingleton<IdempotentCalls>();
        services.AddSingleton<InferenceEndpoint>();
        services.AddSingleton<LocalTenants>();
        services.AddSingleton<LocalChat>();
        services.AddSingleton<CountTokensEndpoint>();
        services.AddSingleton<ResponseHistory>();
        services.AddSingleton<Conversations>();
        services.AddSingleton<ResponsesSurface>();
        services.AddHostedService<ResponseSweeper>();
        services.AddSingleton<ResponsesEndpoint>();
        services.AddSingleton<ConversationsEndpoint>();
        services.AddSingleton<RouteDecisionEndpoint>();
        services.AddSingleton<AssessEndpoint>();
        services.AddSingleton<FeedbackEndpoint>();
        services.AddSingleton<DecisionEndpoint>();
        services.AddSingleton<PolicyEndpoint>();
        services.AddSingleton<ShadowCalls>();
        services.AddHostedService(s => s.GetRequiredService<ShadowCalls>());
        services.AddSingleton<ShadowEndpoint>();
        services.AddSingleton<WarmStartService>();
        services.AddSingleton<Teaching>();
        services.AddSingleton<WarmStartEndpoint>();
        services.AddSingleton<QuizEndpoint>();
        services.AddSingleton<ReadinessCheck>();
        services.AddHealthChecks().AddCheck<ReadinessCheck>(ReadinessCheck.Name);
        services.AddOpenApi(ApiDocument.Name, ApiDocument.Configure);
        services.AddSingleton<DocumentEndpoint>();
        services.AddSingleton<MetricsAccess>();
        services.AddHostedService(s => ActivatorUtilities.CreateInstance<SettingsReloader>(
            s, configuration, context.Files, (Func<MetaLlmSettings>)(() => Read(configuration, context with { Running = true }, configure))));
        return new MetaLlmBuilder(services, settings);
    }

    /// <summary>Adds what looks at texts: guardrails, and the request log.</summary>
    private static void AddScreening(this IServiceCollection services)
    {
        services.AddSingleton<GuardrailMetrics>();
        services.AddSingleton<GuardrailChecks>();
        services.AddSingleton<RequestLogMetrics>();
        services.AddSingleton<RequestLogQueue>();
        services.AddHostedService(s => s.GetRequiredService<RequestLogQueue>());
        services.AddSingleton<RequestLogRetention>();
        services.AddSingleton<RequestLogEndpoint>();
        services.AddSingleton<JudgeMetrics>();
        services.AddSingleton<SideTenants>();
        services.AddSingleton<SideCalls>();
        services.AddSingleton<JudgeCalls>();
        services.AddSingleton<JudgeReports>();
        services.AddSingleton<WebhookJudge>();
        services.AddSingleton<AnswerJudges>();
        services.AddHostedService(s => s.GetRequiredService<AnswerJudges>());
        services.AddSingleton<JudgesEndpoint>();
        services.AddSingleton<SharedLearningEndpoint>();
        services.AddSingleton<GuaranteeMetrics>();
        services.AddSingleton<GuaranteeCalls>();
        services.AddSingleton<AnswerAudits>();
        services.AddHostedService(s => s.GetRequiredService<AnswerAudits>());
        services.AddSingleton<EvidenceMetrics>();
        services.AddSingleton<EvidenceBuyer>();
        services.AddHostedService(s => s.GetRequiredService<EvidenceBuyer>());
        services.AddSingleton<EvidenceEndpoint>();
        services.AddSingleton<CallScreens>();
    }

    /// <summary>Adds files and batches of tenants, and what runs them.</summary>
    private static void AddBatches(this IServiceCollection services)
    {
        services.AddSingleton<TenantFiles>();
        services.AddSingleton<LocalCalls>();
        services.AddSingleton<BatchServices>();
        services.AddSingleton<BatchRunner>();
        services.AddHostedService(s => s.GetRequiredService<BatchRunner>());
        services.AddSingleton<IDrain>(s => s.GetRequiredService<BatchRunner>());
        services.AddSingleton<FilesEndpoint>();
        services.AddSingleton<BatchesEndpoint>();
    }

    /// <summary>Adds what serves tenants that are managed over HTTP, where the store has a directory of them.</summary>
    private static void AddTenantDirectory(this IServiceCollection services)
    {
        services.AddSingleton<QuarantineList>();
        services.AddSingleton<TenantCatalog>();
        services.AddSingleton<TenantSetups>();
        services.AddSingleton<DirectoryWatcher>();
        services.AddHostedService(s => s.GetRequiredService<DirectoryWatcher>());
        services.AddSingleton<TenantAdministration>();
        services.AddSingleton<TenantsEndpoint>();
        services.AddSingleton<TenantPartsEndpoint>();
        services.AddSingleton<KeyAdministration>();
        services.AddSingleton<BudgetResets>();
        services.AddSingleton<KeysEndpoint>();
        services.AddSingleton<BudgetResetEndpoint>();
        services.AddSingleton<GuaranteeEndpoint>();
        services.AddSingleton<RetentionEndpoint>();
        services.AddSingleton<UsageEndpoint>();
        services.AddSingleton<DecisionsEndpoint>();
        services.AddSingleton<ReportEndpoint>();
        services.AddSingleton<AuditEndpoint>();
        services.AddSingleton<ChallengerMetrics>();
        services.AddSingleton<ChallengerLooks>();
        services.AddSingleton<ChallengerAdministration>();
        services.AddSingleton<ChallengerEndpoint>();
        services.AddHostedService<ChallengerWatch>();
    }

    private static TSettings Read<TSettings>(IConfiguration configuration, SettingsContext context, Action<TSettings>? configure)
        where TSettings : MetaLlmSettings, new()
    {
        var settings = SettingsReader.Read<TSettings>(configuration, context);
        configure?.Invoke(settings);
        return settings;
    }

    private static void AddMetaLlmAuthentication(this IServiceCollection services)
    {
        services.AddSingleton<KeyDirectory>();
        services.AddSingleton<KeyCache>();
        services.AddSingleton<AdminKeys>();
        services.AddTransient<TenantKeyHandler>();
        services.AddTransient<AdminKeyHandler>();
        services.AddAuthenticationCore(options =>
        {
            options.AddScheme<TenantKeyHandler>(TenantKeyHandler.Scheme, displayName: null);
            options.AddScheme<AdminKeyHandler>(AdminKeyHandler.Scheme, displayName: null);
        });
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<AuthenticationOptions>, KeepApplicationDefault>());
        services.AddAuthorization();
    }
}
