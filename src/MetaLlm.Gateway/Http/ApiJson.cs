using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MetaLlm.Gateway.Contracts;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Http;

/// <summary>How our own answers are written.</summary>
internal static class ApiJson
{
    private static readonly ApiJsonContext Context = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>How a type is written; it must be listed at <see cref="ApiJsonContext"/>.</summary>
    public static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>)Context.Options.GetTypeInfo(typeof(T));

    public static Task WriteAsync<T>(HttpContext context, T value, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, value, TypeOf<T>(), context.RequestAborted);
    }

    /// <summary>USD as the journal counts them, to 1e-12: a sum of binary fractions without the digits that none of them has.</summary>
    public static double Usd(double sum) => (double)Math.Round((decimal)sum, 12);

    /// <summary>JSON has no NaN and no infinity.</summary>
    public static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
