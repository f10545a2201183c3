using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Simulator.Http;

/// <summary>Lets in requests with the right bearer token, or every request where no key is set.</summary>
internal sealed class BearerGate(string? apiKey)
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _expected = apiKey is null ? null : Digest(apiKey);

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (_expected is null)
        {
            return next(context);
        }

        var header = context.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return ApiError.Unauthorized("No API key was sent; send it as 'Authorization: Bearer <key>'.").WriteAsync(context);
        }

        return CryptographicOperations.FixedTimeEquals(_expected, Digest(header[Scheme.Length..].Trim()))
            ? next(context)
            : ApiError.Unauthorized("The API key is wrong.").WriteAsync(context);
    }

    private static byte[] Digest(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
