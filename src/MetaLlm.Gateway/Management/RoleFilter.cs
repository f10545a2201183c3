using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Management;

/// <summary>Lets those pass whose role suffices.</summary>
/// <param name="needed">The least role.</param>
internal sealed class RoleFilter(AdminRole needed) : IApiFilter
{
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var caller = http.Admin();
        return caller.Role >= needed
            ? next(http)
            : throw new ApiException(ErrorCode.InsufficientRole, $"The key's role is '{KeyRights.Word(caller.Role)}'; this needs '{KeyRights.Word(needed)}'.");
    }
}
