namespace MetaLlm.Engine.Routing;

/// <summary>The <c>id</c> of an answer carries the decision's id, so that feedback can name either. What stands before it says in which format the client was answered.</summary>
public static class ChatIds
{
    /// <summary>Before the id of a message of Anthropic's format.</summary>
    public const string MessagePrefix = "msg_";

    /// <summary>Before the id of a response of OpenAI's Responses format.</summary>
    public const string ResponsePrefix = "resp_";

    private const string Prefix = "chatcmpl-";
    private static readonly string[] Prefixes = [Prefix, MessagePrefix, ResponsePrefix];

    /// <summary>The OpenAI <c>id</c> of a decision's answer.</summary>
    /// <param name="decisionId">The decision.</param>
    public static string FromDecision(string decisionId) => Prefix + decisionId;

    /// <summary>The decision behind an id that a client gives back, which may be its own or that of an answer in any format.</summary>
    /// <param name="id">A decision's id or an answer's.</param>
    public static string ToDecision(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        foreach (var prefix in Prefixes)
        {
            if (id.StartsWith(prefix, StringComparison.Ordinal))
            {
                return id[prefix.Length..];
            }
        }

        return id;
    }
}
