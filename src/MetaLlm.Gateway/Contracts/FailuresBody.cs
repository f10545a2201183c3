using System.ComponentModel;
using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Contracts;

[Description("Attempts at a model that gave the client no answer.")]
internal sealed record FailuresBody
{
    [JsonPropertyName("connection"), Description("No connection, or it broke before the answer began.")]
    public required long Connection { get; init; }

    [JsonPropertyName("timeout"), Description("A time limit passed.")]
    public required long Timeout { get; init; }

    [JsonPropertyName("rate_limited"), Description("The upstream wanted fewer requests (status 429).")]
    public required long RateLimited { get; init; }

    [JsonPropertyName("server_error"), Description("The upstream failed (status 5xx).")]
    public required long ServerError { get; init; }

    [JsonPropertyName("refused"), Description("The upstream did not take the key, or refused the prompt (status 401, 402, 403 and the like).")]
    public required long Refused { get; init; }

    [JsonPropertyName("bad_answer"), Description("The answer was not what the protocol says, or no answer at all.")]
    public required long BadAnswer { get; init; }

    [JsonPropertyName("cut"), Description("The answer broke off after it had begun.")]
    public required long Cut { get; init; }

    [JsonPropertyName("objected"), Description("The model objected to the request, which another model may take (status 400, 413, 422).")]
    public required long Objected { get; init; }
}
