namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    /// <summary>The turns of a conversation that are durable, oldest first.</summary>
    /// <param name="decisionId">The decision of its last turn; null to look for the name.</param>
    /// <param name="key">Hash of its name; where a decision is named, it is not looked at.</param>
    /// <param name="cancellationToken">Cancels the reads.</param>
    /// <returns>Ids of its decisions, at most <see cref="ConversationTurns.Most"/>; empty where there is no such conversation.</returns>
    public async ValueTask<IReadOnlyList<string>> FindConversationAsync(string? decisionId, ulong key, CancellationToken cancellationToken)
    {
        long ordinal;
        if (decisionId is null)
        {
            await SettleAppendsAsync().ConfigureAwait(false);
            ordinal = (await ReadyAsync(cancellationToken).ConfigureAwait(false)).FindConversation(key);
        }
        else
        {
            ordinal = (await _services.Journal.FindDecisionAsync(Tenant, decisionId, cancellationToken).ConfigureAwait(false))?.Decision.Ordinal ?? 0;
        }

        return await ConversationTurns.ReadAsync(_services.Journal, Tenant, ordinal, cancellationToken).ConfigureAwait(false);
    }
}
