using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>Checks a signature (Version 4) as a service does: from the headers that the request says are signed.</summary>
internal static class AmazonSignature
{
    /// <summary>Whether the request was signed with this key, for this service, and arrived as it was signed.</summary>
    public static bool IsRight(HttpRequest request, byte[] body, string keyId, string secret, string region, string service)
    {
        var said = request.Headers.Authorization.ToString();
        var date = request.Headers["x-amz-date"].ToString();
        if (!said.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal) || date.Length != 16)
        {
            return false;
        }

        var parts = said[17..].Split(',', StringSplitOptions.TrimEntries).Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        var scope = $"{date[..8]}/{region}/{service}/aws4_request";
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = string.Join('/', target.Split('?')[0].Split('/').Select(Uri.EscapeDataString));
        var headers = parts["SignedHeaders"].Split(';').Select(name => $"{name}:{request.Headers[name]}\n");
        var canonical = $"{request.Method}\n{path}\n\n{string.Concat(headers)}\n{parts["SignedHeaders"]}\n{Hex(SHA256.HashData(body))}";
        var text = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { date[..8], region, service, "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), Hmac);
        return parts["Credential"] == $"{keyId}/{scope}" && parts["Signature"] == Hex(Hmac(key, text));
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
