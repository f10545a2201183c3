using MetaLlm.Gateway.Http;

namespace Microsoft.AspNetCore.Builder;

/// <summary>What stands in front of the gateway's endpoints.</summary>
public static class MetaLlmApplicationBuilderExtensions
{
    /// <summary>
    /// Refuses requests whose <c>Host</c> header names another host, with an error as OpenAI clients know it. It belongs before everything that answers.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <param name="hosts">Names and addresses without ports; <c>*.example.com</c> is every host below that name, and <c>*</c> every host.</param>
    /// <returns>The same application.</returns>
    public static IApplicationBuilder UseMetaLlmHosts(this IApplicationBuilder app, IReadOnlyList<string> hosts)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(hosts);
        return app.Use(HostFilter.Allowing(hosts));
    }

    /// <summary>
    /// Lets pages in browsers call, those of the origins that <c>cors</c> of the configuration names. It belongs before routing and authorization, since browsers ask first and send no key then.
    /// </summary>
    /// <param name="app">The application; the gateway is among its services.</param>
    /// <returns>The same application.</returns>
    public static IApplicationBuilder UseMetaLlmCors(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        return app.Use(CorsFilter.Of(app.ApplicationServices));
    }
}
