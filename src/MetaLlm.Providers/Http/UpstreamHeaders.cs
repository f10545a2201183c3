using System.Net.Http.Headers;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Credentials;

namespace MetaLlm.Providers.Http;

/// <summary>Adds what the configuration says to the headers of requests.</summary>
internal static class UpstreamHeaders
{
    /// <summary>Adds the key, then the upstream's headers, then the model's; later ones replace earlier ones.</summary>
    /// <param name="request">The request.</param>
    /// <param name="call">The call.</param>
    /// <param name="keyHeader">Where the key goes unless the endpoint says otherwise.</param>
    public static void Add(HttpRequestMessage request, ChatCall call, string keyHeader)
    {
        if (call.Endpoint.ApiKey is { } key && UpstreamAuthorizer.IsKeyEnough(call.Endpoint))
        {
            AddKey(request.Headers, call.Endpoint.KeyHeader ?? keyHeader, key);
        }

        Set(request.Headers, call.Endpoint.Headers);
        Set(request.Headers, call.Options.Headers);
    }

    /// <summary>Adds values to those that headers have.</summary>
    public static void Join(HttpRequestMessage request, IReadOnlyList<KeyValuePair<string, string>> added)
    {
        for (var i = 0; i < added.Count; i++)
        {
            var (name, value) = added[i];
            if (request.Headers.NonValidated.TryGetValues(name, out var there))
            {
                value = string.Join(',', there.ToString().Split(',', StringSplitOptions.TrimEntries).Concat(value.Split(',')).Distinct());
                request.Headers.Remove(name);
            }

            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private static void AddKey(HttpRequestHeaders headers, string name, string key)
    {
        if (string.Equals(name, UpstreamEndpoint.BearerHeader, StringComparison.OrdinalIgnoreCase))
        {
            headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
        else
        {
            headers.TryAddWithoutValidation(name, key);
        }
    }

    private static void Set(HttpRequestHeaders headers, IReadOnlyList<KeyValuePair<string, string>> added)
    {
        for (var i = 0; i < added.Count; i++)
        {
            headers.Remove(added[i].Key);
            headers.TryAddWithoutValidation(added[i].Key, added[i].Value);
        }
    }
}
