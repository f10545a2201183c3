namespace MetaLlm.Engine.Routing;

/// <summary>The OpenAI <c>id</c> of an answer carries the decision's id, so that feedback can name either.</summary>
public static class ChatIds
{
    private const string Prefix = "chatcmpl-";

    /// <summary>The <c>id</c> of a decision's answer.</summary>
    /// <param name="decisionId">The decision.</param>
    public static string FromDecision(string decisionId) => Prefix + decisionId;

    /// <summary>The decision behind an id that a client gives back, which may be either of the two.</summary>
    /// <param name="id">A decision's id or an answer's.</param>
    public static string ToDecision(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.StartsWith(Prefix, StringComparison.Ordinal) ? id[Prefix.Length..] : id;
    }
}
