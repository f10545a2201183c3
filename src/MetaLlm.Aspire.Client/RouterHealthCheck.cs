using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MetaLlm.Aspire.Client;

/// <summary>Whether a router is ready.</summary>
internal sealed class RouterHealthCheck(IHttpClientFactory clients, string name) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var http = clients.CreateClient(name);
        try
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellationToken).ConfigureAwait(false);
            return answer.IsSuccessStatusCode
                ? HealthCheckResult.Healthy()
                : new HealthCheckResult(context.Registration.FailureStatus, $"The router answered {(int)answer.StatusCode}.");
        }
        catch (HttpRequestException e)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "The router cannot be reached.", e);
        }
    }
}
