using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.OpenApi;

namespace MetaLlm.Gateway.Management;

/// <summary>One method of a URL of management.</summary>
/// <param name="Method">The method.</param>
/// <param name="Role">The least role that may call it.</param>
/// <param name="Handler">What answers.</param>
/// <param name="Operation">What the API's description says of it.</param>
internal sealed record AdminRoute(string Method, AdminRole Role, Delegate Handler, ApiOperation Operation);
