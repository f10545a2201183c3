using System.Globalization;
using MetaLlm.Core.Tenancy;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Endpoints;

/// <summary>The headers that say how a request was routed.</summary>
internal static class DecisionHeaders
{
    public static void Write(HttpResponse response, DecisionRecord decision, string servedArm, int attempts)
    {
        Write(response, decision);
        var headers = response.Headers;
        headers[MetaLlmHeaders.Model] = servedArm;
        if (servedArm != decision.ChosenArm)
        {
            // With which probability the call fell to another arm, nobody knows.
            headers.Remove(MetaLlmHeaders.Propensity);
        }

        headers[MetaLlmHeaders.Attempts] = attempts.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Those that are known before a model has answered.</summary>
    public static void Write(HttpResponse response, DecisionRecord decision)
    {
        var headers = response.Headers;
        headers[MetaLlmHeaders.DecisionId] = decision.DecisionId;
        headers[MetaLlmHeaders.Policy] = decision.Policy;
        headers[MetaLlmHeaders.Propensity] = decision.Propensity.ToString("R", CultureInfo.InvariantCulture);
    }
}
