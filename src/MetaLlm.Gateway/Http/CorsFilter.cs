using MetaLlm.Gateway.Configuration;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Gateway.Http;

/// <summary>
/// Tells browsers which pages may call. It stands before authentication: the question before a call comes without a key. What manages says nothing to any page, and a page that may not call
/// is told nothing either.
/// </summary>
internal static class CorsFilter
{
    private static readonly PathString Api = "/v1";
    private static readonly PathString Management = "/v1/tenants";

    public static Func<HttpContext, RequestDelegate, Task> Of(IServiceProvider services)
    {
        var (settings, cors) = (services.GetRequiredService<SettingsStore>(), services.GetRequiredService<ICorsService>());
        return (context, next) =>
        {
            if (settings.Current.Cors.Policy is not { } policy || !context.Request.Headers.ContainsKey(CorsConstants.Origin)
                || !context.Request.Path.StartsWithSegments(Api) || context.Request.Path.StartsWithSegments(Management))
            {
                return next(context);
            }

            var result = cors.EvaluatePolicy(context, policy);
            result.VaryByOrigin = !policy.AllowAnyOrigin;
            if (result.IsPreflightRequest)
            {
                cors.ApplyResult(result, context.Response);
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            }

            // An error clears what was set before it.
            context.Response.OnStarting(
                static state =>
                {
                    var (service, evaluated, response) = ((ICorsService, CorsResult, HttpResponse))state;
                    service.ApplyResult(evaluated, response);
                    return Task.CompletedTask;
                },
                (cors, result, context.Response));
            return next(context);
        };
    }
}
