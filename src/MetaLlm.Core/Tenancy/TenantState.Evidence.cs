namespace MetaLlm.Core.Tenancy;

public sealed partial class TenantState
{
    /// <summary>Rewards that the policy has learned from.</summary>
    public long RewardsApplied => _rewardsApplied;

    /// <summary>Checks that evidence could be learned from now.</summary>
    /// <param name="set">The rows; a reward that is NaN says that nothing is known of that arm's answer.</param>
    /// <exception cref="InvalidOperationException">There is no configuration yet.</exception>
    /// <exception cref="ArgumentException">It could not; the message names what is wrong.</exception>
    public void CheckEvidence(WarmStartSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        WarmStartCheck.CheckEvidence(set, _embeddingModelId, _modelReduction.InputDimensions, Configured().Arms);
    }

    private void Learn(EvidencedEvent evidenced)
    {
        var configuration = Configured();
        var set = evidenced.Set;
        if (set.EmbeddingModelId != _embeddingModelId || !set.TellsOf(configuration.Arms))
        {
            // Recorded just after another model or other arms came: a log that is durable must fold, whatever it holds.
            return;
        }

        CheckEvidence(set);
        Learn(configuration, set, evidenced.Digest, evidenced.At, keepsDebt: true);
    }
}
