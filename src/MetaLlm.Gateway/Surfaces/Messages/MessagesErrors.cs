using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Surfaces.Messages;

/// <summary>Errors as Anthropic's clients know them: another frame, and a word for the class of error that follows from the status.</summary>
internal static class MessagesErrors
{
    /// <summary>Header by which Anthropic's clients say which version of the format they speak. Any is taken.</summary>
    public const string VersionHeader = "anthropic-version";

    private static readonly PathString Messages = new("/v1/messages");

    /// <summary>Whether a request is one of Anthropic's clients: by its path, or, where the path is that of other clients too, by its header.</summary>
    public static bool AreExpected(HttpRequest request) => request.Path.StartsWithSegments(Messages) || IsVersioned(request);

    /// <summary>Whether the client says which version it speaks.</summary>
    public static bool IsVersioned(HttpRequest request) => request.Headers.ContainsKey(VersionHeader);

    /// <summary>The body of an error.</summary>
    public static MessagesErrorBody Body(ApiError error) => new()
    {
        Error = new MessagesErrorDetailBody
        {
            Type = TypeOf(error.Status),
            Message = error.Message,
            Code = error.Code.Name,
            Param = error.Param,
            MaxTokens = error.HardCap?.MaxOutputTokens,
            WindowEndsAt = error.HardCap?.EndsAt,
        },
        RequestId = error.DecisionId,
    };

    private static string TypeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status402PaymentRequired => "billing_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status404NotFound => "not_found_error",
        StatusCodes.Status413PayloadTooLarge => "request_too_large",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        StatusCodes.Status503ServiceUnavailable => "overloaded_error",
        StatusCodes.Status504GatewayTimeout => "timeout_error",
        >= StatusCodes.Status500InternalServerError => "api_error",
        _ => "invalid_request_error",
    };
}
