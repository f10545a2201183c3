using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Http;

/// <summary>Ends a request with an error of the client's making.</summary>
internal sealed class ApiException(ApiError error) : Exception(error.Message)
{
    private const string Invalid = "invalid_request_error";

    public ApiError Error { get; } = error;

    public static ApiException Unauthorized(string code, string message) =>
        new(new ApiError(StatusCodes.Status401Unauthorized, "authentication_error", code, message));

    public static ApiException Forbidden(string code, string message) =>
        new(new ApiError(StatusCodes.Status403Forbidden, "permission_error", code, message));

    /// <summary>A field has an illegal value.</summary>
    public static ApiException BadField(string field, string problem) =>
        new(new ApiError(StatusCodes.Status400BadRequest, Invalid, "invalid_value", $"'{field}' {problem}", field));

    public static ApiException BadRequest(string code, string message) =>
        new(new ApiError(StatusCodes.Status400BadRequest, Invalid, code, message));

    public static ApiException NotFound(string code, string message, string? param = null) =>
        new(new ApiError(StatusCodes.Status404NotFound, Invalid, code, message, param));

    /// <summary>A field says what the thing that it is about does not allow.</summary>
    public static ApiException Conflict(string code, string message, string field) =>
        new(new ApiError(StatusCodes.Status409Conflict, Invalid, code, message, field));

    public static ApiException TooLarge(string message) =>
        new(new ApiError(StatusCodes.Status413PayloadTooLarge, Invalid, "request_too_large", message));

    public static ApiException WrongMediaType(string message) =>
        new(new ApiError(StatusCodes.Status415UnsupportedMediaType, Invalid, "unsupported_media_type", message));
}
