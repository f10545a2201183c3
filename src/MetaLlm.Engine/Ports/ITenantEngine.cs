using MetaLlm.Core.Cascades;
using MetaLlm.Core.Judging;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Ports;

/// <summary>Where tenants live: every call names a tenant and is served by that tenant's policy owner, or by one of its owners where it has shards.</summary>
/// <remarks>
/// Implementations are safe for concurrent use. Calls of one tenant take effect one at a time. What a completed call
/// reported survives a crash. An unknown tenant is a <see cref="UnknownTenantException"/>.
/// </remarks>
public interface ITenantEngine
{
    /// <summary>Makes sure that calls can be served: the engine answers, and its journal takes writes. It costs the same however many tenants there are.</summary>
    /// <exception cref="EngineUnavailableException">They cannot at the moment.</exception>
    ValueTask ProbeAsync(CancellationToken cancellationToken);

    /// <summary>As <see cref="ConfigureAsync(string, TenantConfiguration, PolicyRestart, CancellationToken)"/>, refusing what would make the policy forget.</summary>
    ValueTask ConfigureAsync(string tenant, TenantConfiguration configuration, CancellationToken cancellationToken) =>
        ConfigureAsync(tenant, configuration, PolicyRestart.Refuse, cancellationToken);

    /// <summary>Sets a tenant's configuration; nothing is recorded when it says the same as the one in force.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="configuration">The configuration.</param>
    /// <param name="restart">What is done where the policy would forget what it has learned.</param>
    /// <param name="cancellationToken">Cancels before anything is recorded.</param>
    /// <exception cref="ArgumentException">The configuration is not valid; the message names every field, and nothing was recorded.</exception>
    /// <exception cref="PolicyRestartException">The policy would forget something, and that is to be refused; the configuration before stays in force.</exception>
    /// <exception cref="ShardedTenantException">It would change how many owners the tenant has, or make several of them learn again; the configuration before stays in force.</exception>
    /// <exception cref="OutdatedConfigurationException">One with a higher <see cref="TenantConfiguration.Version"/> is in force, and stays so.</exception>
    ValueTask ConfigureAsync(string tenant, TenantConfiguration configuration, PolicyRestart restart, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a tenant with all that was recorded and learned of it; it is unknown then, and may be configured anew. A tenant that is unknown already stays so.
    /// </summary>
    /// <remarks>The archive of a host that drops old decisions is not touched.</remarks>
    ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>
    /// Rebuilds the tenant's policy from all decisions and rewards of its journal, under the configuration in force: one durable event, folded in when the call returns.
    /// </summary>
    /// <remarks>The tenant's other calls wait while the journal is read and learned from, twice: on a copy first. A replay from the beginning does it again.</remarks>
    /// <returns>What the policy knows now.</returns>
    /// <exception cref="ShardedTenantException">The tenant has several owners; nothing was recorded.</exception>
    ValueTask<RelearnReceipt> RelearnAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>
    /// Teaches the tenant's policy from queries with every arm's outcome: one durable event, folded in when the call returns. It replaces what
    /// the policy had learned before. The set that the policy rests on already is a duplicate, which changes nothing.
    /// </summary>
    /// <remarks>The tenant's other calls wait while the policy is fitted, twice: on a copy first, so that nothing is recorded which cannot be learned from.</remarks>
    /// <exception cref="ArgumentException">The set cannot be learned from; the message names what is wrong, and nothing was recorded.</exception>
    ValueTask<WarmStartReceipt> WarmStartAsync(string tenant, WarmStartSet set, CancellationToken cancellationToken);

    /// <summary>
    /// Tells what is believed of one arm from its answers to some queries: one durable event, folded in when the call returns. All else that the policy has
    /// learned stays, and quizzes of an arm add up. A quiz that the arm has had already is a duplicate, which changes nothing.
    /// </summary>
    /// <returns>Its rows are those of all of the arm's quizzes.</returns>
    /// <exception cref="ArgumentException">The quiz cannot be learned from; the message names what is wrong, and nothing was recorded.</exception>
    ValueTask<WarmStartReceipt> QuizAsync(string tenant, QuizSet quiz, CancellationToken cancellationToken);

    /// <summary>Says which other models a purse should ask what one of them has served, by what an answer could change in later choices. An engine without such a purse asks nobody.</summary>
    /// <param name="tenant">The tenant; not one with several owners.</param>
    /// <param name="question">The query's decision and the purse.</param>
    /// <param name="cancellationToken">Cancels a load of the state.</param>
    /// <returns>Ids of models; none for a decision of before the first question, or from long ago.</returns>
    /// <exception cref="UpgradeInProgressException">Not every silo can read what would be learned.</exception>
    ValueTask<IReadOnlyList<string>> ChooseEvidenceAsync(string tenant, EvidenceQuestion question, CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<string>>([]);

    /// <summary>Hands in what came of such answers. Where enough of what is known is new, the policy learns from all of it: one durable event, folded in when the call returns.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="decisionId">The decision by which the query was served.</param>
    /// <param name="answers">What came of the answers; that of the model which served counts where nobody has said anything of it.</param>
    /// <param name="cancellationToken">Cancels before anything is recorded.</param>
    /// <exception cref="UpgradeInProgressException">Not every silo can read what would be learned.</exception>
    ValueTask<EvidenceReceipt> TellEvidenceAsync(string tenant, string decisionId, IReadOnlyList<EvidenceAnswer> answers, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new EvidenceReceipt(0, 0, []));

    /// <summary>
    /// Begins the tenant's budgets anew: the windows that are open now have spent nothing, and shadow prices start as at first. One durable event, folded in when the call returns.
    /// </summary>
    /// <remarks>What was spent in all stays, and what calls that run have set aside. For a tenant whose spend is wrong, or was recorded by a clock that was ahead.</remarks>
    /// <returns>How the budgets stood, and how they stand.</returns>
    /// <exception cref="UpgradeInProgressException">Not every silo can read that event; nothing was recorded.</exception>
    ValueTask<BudgetResetReceipt> ResetBudgetAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Decides. The decision is durable when the call returns.</summary>
    /// <exception cref="Core.Tenancy.NoFeasibleArmException">Every arm is excluded; the exception says why for each.</exception>
    ValueTask<DecisionRecord> DecideAsync(string tenant, DecisionRequest request, CancellationToken cancellationToken);

    /// <summary>What <see cref="DecideAsync"/> would decide now, for whoever looks. Nothing is recorded and nothing changes, so that the next decision is what it would have been.</summary>
    /// <remarks>Of several owners of a tenant the first one is asked. The id is no decision's, and no call may be made for it.</remarks>
    /// <exception cref="Core.Tenancy.NoFeasibleArmException">Every arm is excluded; the exception says why for each.</exception>
    /// <exception cref="UpgradeInProgressException">Not every silo knows how to answer.</exception>
    ValueTask<DecisionRecord> PreviewAsync(string tenant, DecisionRequest request, CancellationToken cancellationToken);

    /// <summary>What decisions would rest on if they were made now. Nothing is decided, recorded or set aside.</summary>
    /// <param name="tenant">The tenant; of several owners, the first is asked.</param>
    /// <param name="requests">The queries and their conditions; each names no <see cref="DecisionRequest.Candidates"/>.</param>
    /// <param name="cancellationToken">Cancels a load of the state.</param>
    /// <returns>One for each request, in order.</returns>
    ValueTask<IReadOnlyList<QueryAssessment>> AssessAsync(string tenant, IReadOnlyList<DecisionRequest> requests, CancellationToken cancellationToken);

    /// <summary>
    /// Records that another arm takes over a call. Durable when the call returns; for a decision that is unknown or settled, nothing changes.
    /// </summary>
    /// <exception cref="Core.Tenancy.NoFeasibleArmException">The tenant's caps have no room for the other arm's call; nothing changed, and the call must not be made.</exception>
    ValueTask RerouteAsync(string tenant, Reroute reroute, CancellationToken cancellationToken);

    /// <summary>
    /// Weighs the first answer of a call before it leaves (<see cref="TenantConfiguration.Cascade"/>). Where another arm takes over, that is durable when the call returns, and its money is set aside.
    /// </summary>
    /// <returns>What was made of it, which goes with the call's settlement; null where the cascade has no say, so that the answer leaves.</returns>
    /// <exception cref="UpgradeInProgressException">Not every silo knows how to answer.</exception>
    ValueTask<WeighedAnswer?> ConsiderAsync(string tenant, Consideration consideration, CancellationToken cancellationToken) => ValueTask.FromResult<WeighedAnswer?>(null);

    /// <summary>
    /// Records how a call ended and what it cost. Durable when the call returns; a second settlement of the same decision and one of
    /// an unknown decision change nothing.
    /// </summary>
    /// <remarks>
    /// Without a cost, the served arm's prices in force apply; an arm that has left the configuration, and a call that expired,
    /// cost what was predicted. Failed attempts without a cost are priced likewise.
    /// </remarks>
    ValueTask SettleAsync(string tenant, Settlement settlement, CancellationToken cancellationToken);

    /// <summary>
    /// Records feedback, and the settlements that come with it, all or nothing; one receipt per submission, in order. Accepted feedback is durable when the call returns.
    /// </summary>
    /// <remarks>Where it is about decisions of several owners of a tenant it is all or nothing for each: a call that failed is made again, and finds duplicates of what was recorded.</remarks>
    ValueTask<IReadOnlyList<FeedbackReceipt>> SubmitFeedbackAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> submissions, CancellationToken cancellationToken);

    /// <summary>
    /// Records what a comparison said of a decision under a guarantee (<see cref="TenantConfiguration.Guarantee"/>). Durable when the call returns; for a decision that waits for no verdict, nothing changes.
    /// </summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="ordinal">Ordinal of the decision.</param>
    /// <param name="differs">Whether the answers differ; null where no verdict is to be had, which must not depend on the answers.</param>
    /// <param name="cancellationToken">Cancels before the append.</param>
    /// <exception cref="UpgradeInProgressException">Not every silo can read that event; nothing was recorded.</exception>
    ValueTask CompareAsync(string tenant, long ordinal, bool? differs, CancellationToken cancellationToken);

    /// <summary>A past decision with what became of it, or null.</summary>
    ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken);

    /// <summary>
    /// Several decisions with what became of them: each once, in the order of their ordinals, for one owner after the other; unknown ones are left out.
    /// </summary>
    ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken);

    /// <summary>The turns of a conversation, oldest first: at most the last 64.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="decisionId">The decision of its last turn; null to look for the name.</param>
    /// <param name="key">Hash of its name (<see cref="Core.Conversations.ConversationTurn.Key"/>), for a conversation that is still remembered; where a decision is named, it is not looked at.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <returns>Ids of its decisions; empty where there is no such conversation.</returns>
    ValueTask<IReadOnlyList<string>> FindConversationAsync(string tenant, string? decisionId, ulong key, CancellationToken cancellationToken);

    /// <summary>What the tenant's policy has learned, every acknowledged event included.</summary>
    ValueTask<TenantReport> DescribeAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>What was measured of the tenant's judges, every acknowledged event included: a part of the report that costs far less than the whole.</summary>
    async ValueTask<IReadOnlyList<JudgeReport>> DescribeJudgesAsync(string tenant, CancellationToken cancellationToken) =>
        (await DescribeAsync(tenant, cancellationToken).ConfigureAwait(false)).Judges;
}
