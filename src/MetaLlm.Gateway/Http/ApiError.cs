using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Http;

/// <summary>An error as OpenAI clients know it.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">Class of error, such as <c>invalid_request_error</c>.</param>
/// <param name="Code">Stable word for programs.</param>
/// <param name="Message">A sentence for people: the field, its value, what is legal.</param>
/// <param name="Param">The field at fault; null for none.</param>
internal sealed record ApiError(int Status, string Type, string Code, string Message, string? Param = null)
{
    /// <summary>Seconds after which a repetition may succeed; null when waiting does not help.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The decision that the error belongs to; null when there is none.</summary>
    public string? DecisionId { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(new { error = new { Message, Type, Param, Code } }, ApiJson.Options);

    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json; charset=utf-8";
        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (DecisionId is { } decision)
        {
            response.Headers[MetaLlmHeaders.DecisionId] = decision;
        }

        if (Status == StatusCodes.Status401Unauthorized)
        {
            response.Headers.WWWAuthenticate = "Bearer";
        }

        return response.Body.WriteAsync(ToJson(), context.RequestAborted).AsTask();
    }
}
