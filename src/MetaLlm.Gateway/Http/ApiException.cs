namespace MetaLlm.Gateway.Http;

/// <summary>Ends a request with an error of the client's making.</summary>
internal sealed class ApiException(ApiError error) : Exception(error.Message)
{
    public ApiException(ErrorCode code, string message, string? param = null)
        : this(new ApiError(code, message, param))
    {
    }

    public ApiError Error { get; } = error;

    /// <summary>A field has an illegal value.</summary>
    public static ApiException BadField(string field, string problem) => new(ErrorCode.InvalidValue, $"'{field}' {problem}", field);
}
