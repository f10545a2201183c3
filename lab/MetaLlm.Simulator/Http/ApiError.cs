using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Simulator.Http;

/// <summary>An error in the shape of the OpenAI API.</summary>
internal sealed record ApiError(int Status, string Message, string Type, string? Param = null, string? Code = null)
{
    public int? RetryAfterSeconds { get; init; }

    public static ApiError Invalid(string param, string message, string? code = null) =>
        new(StatusCodes.Status400BadRequest, message, "invalid_request_error", param, code);

    public static ApiError Malformed(string detail) =>
        new(StatusCodes.Status400BadRequest, $"The body could not be read as JSON: {detail}", "invalid_request_error");

    public static ApiError ModelNotFound(string model) =>
        new(StatusCodes.Status404NotFound, $"The model '{model}' does not exist.", "invalid_request_error", "model", "model_not_found");

    public static ApiError NotFound(string method, string? path) =>
        new(StatusCodes.Status404NotFound, $"There is no {method} {path} here.", "invalid_request_error", Code: "unknown_url");

    public static ApiError Unauthorized(string message) =>
        new(StatusCodes.Status401Unauthorized, message, "invalid_request_error", Code: "invalid_api_key");

    public static ApiError RateLimited(string model, int retryAfterSeconds) =>
        new(StatusCodes.Status429TooManyRequests, $"Rate limit reached for {model}.", "rate_limit_error", Code: "rate_limit_exceeded") { RetryAfterSeconds = retryAfterSeconds };

    public static ApiError Failed() =>
        new(StatusCodes.Status500InternalServerError, "The simulated server had an error while processing the request.", "server_error");

    public static ApiError Unavailable(string model) =>
        new(StatusCodes.Status503ServiceUnavailable, $"The model {model} is overloaded or out of service.", "server_error", Code: "unavailable");

    public Task WriteAsync(HttpContext context)
    {
        context.Response.StatusCode = Status;
        if (RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        var body = new JsonObject
        {
            ["error"] = new JsonObject { ["message"] = Message, ["type"] = Type, ["param"] = Param, ["code"] = Code },
        };
        return context.Response.WriteAsJsonAsync(body, context.RequestAborted);
    }
}
