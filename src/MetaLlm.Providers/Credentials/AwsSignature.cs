using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace MetaLlm.Providers.Credentials;

/// <summary>Signs requests as Amazon's services ask for (Signature Version 4): who sent them, when, for which region and service, and that nothing has been changed since.</summary>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";
    private const string End = "aws4_request";

    /// <summary>Adds the headers that sign a request. Whatever else it has must stand before, since its host, its type and its address are signed.</summary>
    /// <param name="request">The request, with its absolute address.</param>
    /// <param name="body">Its body.</param>
    /// <param name="key">The key.</param>
    /// <param name="region">Region of the service.</param>
    /// <param name="service">The service's name in signatures.</param>
    /// <param name="now">The time, from which the service's clock may differ by five minutes.</param>
    public static void Sign(HttpRequestMessage request, ReadOnlyMemory<byte> body, AwsKey key, string region, string service, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        request.Headers.TryAddWithoutValidation("X-Amz-Date", time);
        if (key.Token is { } token)
        {
            request.Headers.TryAddWithoutValidation("X-Amz-Security-Token", token);
        }

        var headers = Headers(request, time, key);
        var names = string.Join(';', headers.Select(header => header.Name));
        var canonical = new StringBuilder(request.Method.Method).Append('\n')
            .Append(Path(request.RequestUri!)).Append('\n')
            .Append(Query(request.RequestUri!)).Append('\n')
            .AppendJoin(string.Empty, headers.Select(header => $"{header.Name}:{header.Value}\n")).Append('\n')
            .Append(names).Append('\n')
            .Append(Hex(SHA256.HashData(body.Span)));
        var scope = $"{time[..8]}/{region}/{service}/{End}";
        var signed = $"{Algorithm}\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical.ToString())))}";
        var signature = Hex(Hmac(Key(key.Secret, time[..8], region, service), signed));
        request.Headers.Remove("Authorization");
        request.Headers.TryAddWithoutValidation("Authorization", $"{Algorithm} Credential={key.Id}/{scope}, SignedHeaders={names}, Signature={signature}");
    }

    private static List<(string Name, string Value)> Headers(HttpRequestMessage request, string time, AwsKey key)
    {
        var headers = new List<(string, string)>(4);
        if (request.Content?.Headers.NonValidated.TryGetValues("Content-Type", out var type) is true)
        {
            headers.Add(("content-type", type.ToString().Trim()));
        }

        headers.Add(("host", request.RequestUri!.IsDefaultPort ? request.RequestUri.IdnHost : $"{request.RequestUri.IdnHost}:{request.RequestUri.Port}"));
        headers.Add(("x-amz-date", time));
        if (key.Token is { } token)
        {
            headers.Add(("x-amz-security-token", token));
        }

        return headers;
    }

    /// <summary>The path as it is sent, escaped once more.</summary>
    private static string Path(Uri address) => string.Join('/', address.AbsolutePath.Split('/').Select(Uri.EscapeDataString));

    /// <summary>The parameters in the order of their bytes.</summary>
    private static string Query(Uri address) => string.Join('&', address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .Select(pair => (Name: Escaped(pair[0]), Value: Escaped(pair.Length > 1 ? pair[1] : string.Empty)))
        .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
        .Select(pair => $"{pair.Name}={pair.Value}"));

    private static string Escaped(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static byte[] Key(string secret, string date, string region, string service) =>
        Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes($"AWS4{secret}"), date), region), service), End);

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
