using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.OpenApi;

/// <summary>What the API's description says of an endpoint beyond what its code says.</summary>
/// <param name="Id">Name of the operation for generated clients.</param>
/// <param name="Tag">The chapter that it stands in.</param>
/// <param name="Summary">A title.</param>
/// <param name="Description">The rest.</param>
internal sealed record ApiOperation(string Id, string Tag, string Summary, string Description)
{
    /// <summary>What a body may be; several are alternatives.</summary>
    public IReadOnlyList<Type> Bodies { get; init; } = [];

    /// <summary>Whether the body may also be a list of the first of <see cref="Bodies"/>.</summary>
    public bool OrList { get; init; }

    /// <summary>A body as JSON; null for none.</summary>
    public string? Example { get; init; }

    /// <summary>What the body is declared as.</summary>
    public IReadOnlyList<string> MediaTypes { get; init; } = ["application/json"];

    /// <summary>What the answer may be, for endpoints whose code does not say it.</summary>
    public IReadOnlyList<Type> Answers { get; init; } = [];

    /// <summary>Media type of an answer that is no JSON, alone or beside <see cref="Answers"/>; null for none.</summary>
    public string? TextAnswer { get; init; }

    /// <summary>Headers that a request may have.</summary>
    public IReadOnlyList<ApiHeader> RequestHeaders { get; init; } = [];

    /// <summary>Headers that an answer has.</summary>
    public IReadOnlyList<ApiHeader> ResponseHeaders { get; init; } = [];

    /// <summary>Errors, beside those that every endpoint behind the same key has.</summary>
    public IReadOnlyList<ErrorCode> Errors { get; init; } = [];

    /// <summary>Type of its errors.</summary>
    public Type ErrorType { get; init; } = typeof(ErrorBody);

    /// <summary>Type of the answer with status 503 that is no error as OpenAI has it; null for none.</summary>
    public Type? Unavailable { get; init; }
}
