using System.Globalization;
using System.Text.Json;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Surfaces.Messages;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Http;

/// <summary>An error. It is written as the clients of its surface know it: OpenAI's, unless the request is one of Anthropic's clients.</summary>
/// <param name="Code">Which kind.</param>
/// <param name="Message">A sentence for people: the field, its value, what is legal.</param>
/// <param name="Param">The field at fault; null for none.</param>
internal sealed record ApiError(ErrorCode Code, string Message, string? Param = null)
{
    /// <summary>HTTP status; that of the code unless the server knows a better one.</summary>
    public int Status { get; init; } = Code.Status;

    /// <summary>Class of error; that of the code unless it has several.</summary>
    public string Type { get; init; } = Code.Type;

    /// <summary>Seconds after which a repetition may succeed; null when waiting does not help.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The same in milliseconds, for clients that read it; null where whole seconds say enough.</summary>
    public int? RetryAfterMilliseconds { get; init; }

    /// <summary>The decision that the error belongs to; null when there is none.</summary>
    public string? DecisionId { get; init; }

    /// <summary>Why caps have no room for the request; null when that is not what is wrong.</summary>
    public HardCapRefusal? HardCap { get; init; }

    /// <summary>Everything that is wrong with a document, where there is more than one thing to say; null for none.</summary>
    public IReadOnlyList<SettingsError>? Errors { get; init; }

    private ErrorBody Body => new()
    {
        Error = new ErrorDetailBody
        {
            Message = Message,
            Type = Type,
            Param = Param,
            Code = Code.Name,
            MaxTokens = HardCap?.MaxOutputTokens,
            WindowEndsAt = HardCap?.EndsAt,
            Errors = Errors is null ? null : [.. Errors.Select(error => new FieldErrorBody { Path = error.Path, Message = error.Problem })],
        },
    };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(Body, ApiJson.TypeOf<ErrorBody>());

    public Task WriteAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        if (RetryAfterSeconds is { } seconds)
        {
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (RetryAfterMilliseconds is { } milliseconds)
        {
            headers[MetaLlmHeaders.RetryAfterMilliseconds] = milliseconds.ToString(CultureInfo.InvariantCulture);
        }

        if (DecisionId is { } decision)
        {
            headers[MetaLlmHeaders.DecisionId] = decision;
        }

        if (Status == StatusCodes.Status401Unauthorized)
        {
            headers.WWWAuthenticate = "Bearer";
        }

        if (Status == StatusCodes.Status415UnsupportedMediaType)
        {
            headers.AcceptEncoding = "identity";
        }

        return MessagesErrors.AreExpected(context.Request)
            ? ApiJson.WriteAsync(context, MessagesErrors.Body(this), Status)
            : ApiJson.WriteAsync(context, Body, Status);
    }
}
