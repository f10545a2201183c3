using System.Security.Claims;
using MetaLlm.Gateway.Authentication;

namespace MetaLlm.WebConsole.Routing;

/// <summary>Who looks, as the framework knows users: antiforgery tokens of one are none of another's.</summary>
internal static class ConsoleUser
{
    public static ClaimsPrincipal Of(AdminCaller caller) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, caller.Actor), new Claim(ClaimTypes.Role, KeyRights.Word(caller.Role))], "MetaLlm.Console"));
}
