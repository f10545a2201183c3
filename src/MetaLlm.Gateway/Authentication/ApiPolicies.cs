using Microsoft.AspNetCore.Authorization;

namespace MetaLlm.Gateway.Authentication;

/// <summary>Who may call what. The policies stand on the endpoints themselves, so that neither a name nor a default of the application is taken.</summary>
internal static class ApiPolicies
{
    public static AuthorizationPolicy Tenant { get; } = Of(TenantKeyHandler.Scheme);

    public static AuthorizationPolicy Admin { get; } = Of(AdminKeyHandler.Scheme);

    private static AuthorizationPolicy Of(string scheme) => new AuthorizationPolicyBuilder(scheme).RequireAuthenticatedUser().Build();
}
