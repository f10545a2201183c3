namespace MetaLlm.Providers.Objections;

/// <summary>Codes of errors whose cause no change of a parameter mends.</summary>
internal static class ObjectionCodes
{
    public const string ContextLength = "context_length_exceeded";
    public const string ContentFilter = "content_filter";
    public const string ContentPolicy = "content_policy_violation";
    public const string ModelNotFound = "model_not_found";
    public const string Quota = "insufficient_quota";
    public const string KeyRefused = "invalid_api_key";

    /// <summary>Whether another value of a parameter would change nothing.</summary>
    public static bool IsIncurable(string? code) => code is ContextLength or ContentFilter or ContentPolicy;
}
