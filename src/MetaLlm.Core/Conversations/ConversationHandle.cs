namespace MetaLlm.Core.Conversations;

/// <summary>Hashes that conversations are found by: 64 bits of a SHA-256 that begins with the tenant, never 0.</summary>
public static class ConversationHandle
{
    private const string Response = "response";

    /// <summary>The hash of one name.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="kind">What kind of name it is.</param>
    /// <param name="name">The name.</param>
    public static ulong Of(string tenant, string kind, string name)
    {
        using var hash = new HandleHash(tenant, kind);
        hash.Append(name);
        return hash.Current;
    }

    /// <summary>The hash of a response's id.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="decisionId">The decision that the response belongs to.</param>
    public static ulong OfResponse(string tenant, string decisionId) => Of(tenant, Response, decisionId);
}
