using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Endpoints;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.OpenApi;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Gateway.Management;

/// <summary>Maps <c>/admin/v1</c>.</summary>
internal static class AdminRoutes
{
    public const string Prefix = "/admin/v1";

    private const string Get = "GET";
    private const string Post = "POST";
    private const string Put = "PUT";
    private const string Patch = "PATCH";
    private const string Delete = "DELETE";

    public static void MapAdmin(this IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var admin = app.MapGroup(Prefix).AddFilter(services.GetRequiredService<ErrorFilter>()).RequireAuthorization(ApiPolicies.Admin);
        MapTenants(admin, services.GetRequiredService<TenantsEndpoint>(), services.GetRequiredService<KeysEndpoint>());
        MapParts(admin, services.GetRequiredService<TenantPartsEndpoint>());
        MapChallenger(admin, services.GetRequiredService<ChallengerEndpoint>());
        admin.MapRoutes(
            "/tenants/{tenant}/budget/reset", new AdminRoute(Post, AdminRole.Operate, services.GetRequiredService<BudgetResetEndpoint>().HandleAsync, AdminOperations.ResetBudget));
        admin.MapRoutes("/tenants/{tenant}/guarantee", new AdminRoute(Get, AdminRole.Read, services.GetRequiredService<GuaranteeEndpoint>().HandleAsync, AdminOperations.GetGuarantee));
        admin.MapRoutes("/tenants/{tenant}/evidence", new AdminRoute(Get, AdminRole.Read, services.GetRequiredService<EvidenceEndpoint>().OfAsync, AdminOperations.Evidence));
        var requests = services.GetRequiredService<RequestLogEndpoint>();
        admin.MapRoutes("/tenants/{tenant}/requests", new AdminRoute(Get, AdminRole.Operate, requests.ListOfAsync, AdminOperations.ListRequests));
        admin.MapRoutes("/tenants/{tenant}/requests/{id}", new AdminRoute(Get, AdminRole.Operate, requests.FindOfAsync, AdminOperations.GetRequest));
        admin.MapRoutes("/tenants/{tenant}/decisions", new AdminRoute(Get, AdminRole.Operate, services.GetRequiredService<DecisionsEndpoint>().HandleAsync, AdminOperations.Decisions));
        admin.MapRoutes("/tenants/{tenant}/report", new AdminRoute(Get, AdminRole.Read, services.GetRequiredService<ReportEndpoint>().HandleAsync, AdminOperations.Report));
        MapRetention(admin, services.GetRequiredService<RetentionEndpoint>());
        admin.MapRoutes("/shared-learning", new AdminRoute(Get, AdminRole.Read, services.GetRequiredService<SharedLearningEndpoint>().PoolAsync, AdminOperations.SharedLearning));
        admin.MapRoutes("/usage", new AdminRoute(Get, AdminRole.Read, services.GetRequiredService<UsageEndpoint>().HandleAsync, AdminOperations.Usage));
        admin.MapRoutes("/audit", new AdminRoute(Get, AdminRole.Read, services.GetRequiredService<AuditEndpoint>().ListAsync, AdminOperations.Audit));
    }

    private static void MapTenants(IEndpointRouteBuilder admin, TenantsEndpoint tenants, KeysEndpoint keys)
    {
        admin.MapRoutes(
            "/tenants",
            new AdminRoute(Get, AdminRole.Read, tenants.ListAsync, AdminOperations.ListTenants),
            new AdminRoute(Post, AdminRole.Own, tenants.CreateAsync, AdminOperations.CreateTenant));
        admin.MapRoutes(
            "/tenants/{tenant}",
            new AdminRoute(Get, AdminRole.Read, tenants.GetAsync, AdminOperations.GetTenant),
            new AdminRoute(Put, AdminRole.Operate, tenants.PutAsync, AdminOperations.PutTenant),
            new AdminRoute(Patch, AdminRole.Operate, tenants.PatchAsync, AdminOperations.PatchTenant),
            new AdminRoute(Delete, AdminRole.Own, tenants.DeleteAsync, AdminOperations.DeleteTenant));
        admin.MapRoutes(
            "/tenants/{tenant}/keys",
            new AdminRoute(Get, AdminRole.Read, keys.ListAsync, AdminOperations.ListKeys),
            new AdminRoute(Post, AdminRole.Operate, keys.CreateAsync, AdminOperations.CreateKey));
        admin.MapRoutes("/tenants/{tenant}/keys/{id}", new AdminRoute(Delete, AdminRole.Operate, keys.DeleteAsync, AdminOperations.DeleteKey));
        admin.MapRoutes(
            "/keys",
            new AdminRoute(Get, AdminRole.Read, keys.ListManagingAsync, AdminOperations.ListAdminKeys),
            new AdminRoute(Post, AdminRole.Own, keys.CreateManagingAsync, AdminOperations.CreateAdminKey));
        admin.MapRoutes("/keys/{id}", new AdminRoute(Delete, AdminRole.Own, keys.DeleteManagingAsync, AdminOperations.DeleteAdminKey));
    }

    private static void MapParts(IEndpointRouteBuilder admin, TenantPartsEndpoint parts)
    {
        admin.MapRoutes(
            "/tenants/{tenant}/models",
            new AdminRoute(Get, AdminRole.Read, parts.ModelsAsync, AdminOperations.GetModels),
            new AdminRoute(Put, AdminRole.Operate, parts.PutModelsAsync, AdminOperations.PutModels),
            new AdminRoute(Post, AdminRole.Operate, parts.AddModelAsync, AdminOperations.AddModel));
        admin.MapRoutes("/tenants/{tenant}/models/{model}", new AdminRoute(Delete, AdminRole.Operate, parts.DeleteModelAsync, AdminOperations.DeleteModel));
        admin.MapRoutes(
            "/tenants/{tenant}/budget",
            new AdminRoute(Get, AdminRole.Read, parts.BudgetAsync, AdminOperations.GetBudget),
            new AdminRoute(Put, AdminRole.Operate, parts.PutBudgetAsync, AdminOperations.PutBudget));
        admin.MapRoutes(
            "/tenants/{tenant}/policy",
            new AdminRoute(Get, AdminRole.Read, parts.PolicyAsync, AdminOperations.GetPolicy),
            new AdminRoute(Put, AdminRole.Operate, parts.PutPolicyAsync, AdminOperations.PutPolicy));
    }

    private static void MapChallenger(IEndpointRouteBuilder admin, ChallengerEndpoint challengers)
    {
        admin.MapRoutes(
            "/tenants/{tenant}/challenger",
            new AdminRoute(Get, AdminRole.Read, challengers.GetAsync, AdminOperations.GetChallenger),
            new AdminRoute(Put, AdminRole.Operate, challengers.PutAsync, AdminOperations.PutChallenger),
            new AdminRoute(Delete, AdminRole.Operate, challengers.DeleteAsync, AdminOperations.DeleteChallenger));
        admin.MapRoutes("/tenants/{tenant}/challenger/promote", new AdminRoute(Post, AdminRole.Operate, challengers.PromoteAsync, AdminOperations.PromoteChallenger));
        admin.MapRoutes("/tenants/{tenant}/challenger/rollback", new AdminRoute(Post, AdminRole.Operate, challengers.RollBackAsync, AdminOperations.RollBackChallenger));
    }

    private static void MapRetention(IEndpointRouteBuilder admin, RetentionEndpoint retention)
    {
        admin.MapRoutes("/retention", new AdminRoute(Get, AdminRole.Read, retention.ShowAsync, AdminOperations.Retention));
        admin.MapRoutes("/retention/run", new AdminRoute(Post, AdminRole.Own, retention.RunAsync, AdminOperations.RunRetention));
        admin.MapRoutes("/retention/archive", new AdminRoute(Get, AdminRole.Read, retention.ArchiveAsync, AdminOperations.Archive));
    }

    private static void MapRoutes(this IEndpointRouteBuilder admin, string pattern, params ReadOnlySpan<AdminRoute> routes)
    {
        var allowed = new List<string>();
        foreach (var route in routes)
        {
            admin.MapHandler(pattern, [route.Method], route.Handler).AddFilter(new RoleFilter(route.Role)).Describe(route.Operation);
            allowed.Add(route.Method);
            if (route.Method == Get)
            {
                admin.MapHandler(pattern, [HttpMethods.Head], route.Handler).AddFilter(new RoleFilter(route.Role)).ExcludeFromDescription();
                allowed.Add(HttpMethods.Head);
            }
        }

        admin.MapOthers(pattern, string.Join(", ", [.. allowed, HttpMethods.Options]));
    }
}
