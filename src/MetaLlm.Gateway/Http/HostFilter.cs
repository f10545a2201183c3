using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace MetaLlm.Gateway.Http;

/// <summary>
/// Refuses requests for another host than those allowed. A page in a browser must not reach a gateway by a name that it made resolve to the gateway's address.
/// </summary>
internal static class HostFilter
{
    public static Func<HttpContext, RequestDelegate, Task> Allowing(IReadOnlyList<string> hosts)
    {
        List<StringSegment> patterns = [.. hosts.Select(host => new StringSegment(host))];
        var legal = string.Join(", ", hosts);
        return (context, next) =>
        {
            // A request without a host comes from no browser.
            var host = context.Request.Host;
            return !host.HasValue || IsAllowed(host.Host, patterns)
                ? next(context)
                : new ApiError(ErrorCode.HostNotAllowed, $"The host '{host.Host}' is not served here; hosts are {legal}. 'allowedHosts' of the configuration adds to them.", "Host").WriteAsync(context);
        };
    }

    private static bool IsAllowed(string host, List<StringSegment> patterns)
    {
        foreach (var pattern in patterns)
        {
            if (pattern == "*")
            {
                return true;
            }
        }

        return HostString.MatchesAny(host, patterns);
    }
}
