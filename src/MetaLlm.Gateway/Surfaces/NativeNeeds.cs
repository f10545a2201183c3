using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces;

/// <summary>What a request asks for that chat has no form for, and that upstreams of the request's own format may do all the same. One request.</summary>
/// <param name="protocol">The format, as <see cref="UpstreamEndpoint.Protocol"/> names it.</param>
internal sealed class NativeNeeds(string protocol)
{
    private (string Field, string Problem)? _first;

    /// <summary>Whether it asks for anything of the kind.</summary>
    public bool IsAny => _first is not null;

    /// <summary>The error of a request that none of its models can serve.</summary>
    public ApiException Refusal => ApiException.BadField(_first!.Value.Field, _first.Value.Problem);

    /// <summary>Notes a member.</summary>
    /// <param name="field">The member.</param>
    /// <param name="problem">What is wrong with it for other models.</param>
    public void Add(string field, string problem) => _first ??= (field, problem);

    /// <summary>Notes the members of an object that are not listed.</summary>
    public void Unknown(JsonObjectReader owner, params ReadOnlySpan<string> known)
    {
        foreach (var member in owner.Element.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                Add(owner.Field(member.Name), $"is not known; known are {string.Join(", ", known.ToArray())}.");
            }
        }
    }

    /// <summary>Leaves the models that can serve the request: those that speak its format wherever they are served, and add nothing to it.</summary>
    /// <exception cref="ApiException">None is left.</exception>
    public ChatRequest Limit(ChatRequest request, TenantSettings tenant)
    {
        if (!IsAny)
        {
            return request;
        }

        var (pinned, allowed) = (request.Route.PinnedArm, request.Route.AllowedArms);
        string[] left = [.. tenant.Targets.Where(target => Speaks(target.Value) && (pinned ?? target.Key) == target.Key && allowed?.Contains(target.Key) != false).Select(target => target.Key)];
        return left.Length == 0 ? throw Refusal : request with { Route = request.Route with { AllowedArms = left }, LimitsModels = true };
    }

    private bool Speaks(ArmTarget target) => !target.AddsText && target.Endpoint.Protocol == protocol && target.Deployments.All(one => one.Target.Endpoint.Protocol == protocol);
}
