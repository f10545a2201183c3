using MetaLlm.Core.Cascades;
using MetaLlm.Core.Judging;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>
/// An owner of a tenant's policy, most often the only one; the key is its name (<see cref="TenantOwner"/>). Calls mean what those of <see cref="ITenantEngine"/> mean. Of several owners the
/// first serves calls about the whole tenant for all of them; asked of another one, they are about that one alone.
/// </summary>
[Alias("metallm.2.tenant-policy")]
internal interface ITenantPolicyGrain : IGrainWithStringKey
{
    /// <summary>See <see cref="ITenantEngine.ConfigureAsync(string, TenantConfiguration, PolicyRestart, CancellationToken)"/>. To learn again takes longer than a call usually may.</summary>
    /// <param name="configuration">The configuration as the journal keeps it, see <see cref="TenantConfigurationJson"/>.</param>
    /// <param name="restart">What is done where the policy would forget something.</param>
    /// <param name="cancellationToken">Cancels before the append.</param>
    [Alias("configure"), ResponseTimeout("00:10:00")]
    ValueTask ConfigureAsync(Immutable<byte[]> configuration, PolicyRestart restart, CancellationToken cancellationToken);

    /// <summary>Checks that a configuration could be set now.</summary>
    /// <param name="configuration">The configuration as the journal keeps it.</param>
    /// <param name="restart">What is to be done where the policy would forget something.</param>
    /// <param name="cancellationToken">Cancels the load of the state.</param>
    [Alias("check-configuration"), ResponseTimeout("00:10:00")]
    ValueTask CheckConfigurationAsync(Immutable<byte[]> configuration, PolicyRestart restart, CancellationToken cancellationToken);

    /// <summary>How many owners the tenant has.</summary>
    [Alias("get-shards")]
    ValueTask<int> GetShardsAsync(CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.RelearnAsync"/>.</summary>
    [Alias("relearn"), ResponseTimeout("00:10:00")]
    ValueTask<RelearnReceipt> RelearnAsync(CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.WarmStartAsync"/>. A fit takes longer than a call usually may.</summary>
    [Alias("warm-start"), ResponseTimeout("00:10:00")]
    ValueTask<WarmStartReceipt> WarmStartAsync(WarmStartSet set, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.QuizAsync"/>.</summary>
    [Alias("quiz"), ResponseTimeout("00:10:00")]
    ValueTask<WarmStartReceipt> QuizAsync(QuizSet quiz, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.ChooseEvidenceAsync"/>.</summary>
    [Alias("choose-evidence")]
    ValueTask<IReadOnlyList<string>> ChooseEvidenceAsync(EvidenceQuestion question, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.TellEvidenceAsync"/>. A fit takes longer than a call usually may.</summary>
    [Alias("tell-evidence"), ResponseTimeout("00:10:00")]
    ValueTask<EvidenceReceipt> TellEvidenceAsync(string decisionId, IReadOnlyList<EvidenceAnswer> answers, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.ResetBudgetAsync"/>.</summary>
    [Alias("reset-budget")]
    ValueTask<BudgetResetReceipt> ResetBudgetAsync(CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.DecideAsync"/>. A call that is sent again within seconds gets the decision that it got before.</summary>
    /// <param name="request">The query and its conditions.</param>
    /// <param name="call">Names the call, and no other.</param>
    /// <param name="cancellationToken">Cancels a load of the state; a decision, once made, is not withdrawn.</param>
    [Alias("decide")]
    ValueTask<DecisionRecord> DecideAsync(DecisionRequest request, Guid call, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.PreviewAsync"/>.</summary>
    [Alias("preview")]
    ValueTask<DecisionRecord> PreviewAsync(DecisionRequest request, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.AssessAsync"/>.</summary>
    [Alias("assess")]
    ValueTask<IReadOnlyList<QueryAssessment>> AssessAsync(IReadOnlyList<DecisionRequest> requests, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.RerouteAsync"/>.</summary>
    [Alias("reroute")]
    ValueTask RerouteAsync(Reroute reroute, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.ConsiderAsync"/>. A call that is sent again gets the same arm that took over.</summary>
    [Alias("consider")]
    ValueTask<WeighedAnswer?> ConsiderAsync(Consideration consideration, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.SettleAsync"/>. Where one of several fails, others may be recorded; repeating them does no harm.</summary>
    [Alias("settle-all")]
    ValueTask SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.CompareAsync"/>.</summary>
    [Alias("compare")]
    ValueTask CompareAsync(long ordinal, bool? differs, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.FindConversationAsync"/>.</summary>
    [Alias("find-conversation")]
    ValueTask<IReadOnlyList<string>> FindConversationAsync(string? decisionId, ulong key, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.DescribeAsync"/>.</summary>
    [Alias("describe")]
    ValueTask<TenantReport> DescribeAsync(CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.DescribeJudgesAsync"/>.</summary>
    [Alias("describe-judges")]
    ValueTask<IReadOnlyList<JudgeReport>> DescribeJudgesAsync(CancellationToken cancellationToken);

    /// <summary>Saves a snapshot, unless the newest one holds everything already. Waits for the state to be rebuilt first.</summary>
    [Alias("checkpoint"), ResponseTimeout("00:10:00")]
    ValueTask CheckpointAsync(CancellationToken cancellationToken);

    /// <summary>Makes the state stand for the beginning of the journal, see <see cref="Tenants.TenantRuntime.SetBaseAsync"/>.</summary>
    /// <param name="age">Age at which decisions are to go.</param>
    /// <param name="cancellationToken">Cancels before the write.</param>
    /// <returns>Decisions made before this time may go; null where nothing is to.</returns>
    [Alias("set-base"), ResponseTimeout("00:10:00")]
    ValueTask<DateTimeOffset?> SetBaseAsync(TimeSpan age, CancellationToken cancellationToken);

    /// <summary>See <see cref="ITenantEngine.DeleteTenantAsync"/>. Many rows take longer than a call usually may.</summary>
    [Alias("delete"), ResponseTimeout("00:10:00")]
    ValueTask DeleteAsync(CancellationToken cancellationToken);
}
