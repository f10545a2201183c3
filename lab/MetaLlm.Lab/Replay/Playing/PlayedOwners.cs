using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Replay.Playing;

/// <summary>A tenant with one owner or several, which decide in turn and take each other in every <see cref="Period"/> requests of each.</summary>
/// <param name="features">Gives the embedding model.</param>
/// <param name="shards">How many owners it has.</param>
internal sealed class PlayedOwners(FeatureTable features, int shards)
{
    /// <summary>Requests that each owner decides between two exchanges.</summary>
    public const int Period = 4;

    private const string Tenant = "replay";

    private readonly PlayedTenant[] _owners =
        [.. Enumerable.Range(1, shards).Select(number => new PlayedTenant(features, name: TenantOwner.Name(Tenant, number)) { KeepsLog = shards > 1 })];

    private int _requests;

    /// <summary>Hash of the first owner's state.</summary>
    public string StateHash => _owners[0].StateHash;

    /// <summary>Sets or replaces the configuration of all.</summary>
    public void Configure(TenantConfiguration configuration, DateTimeOffset at) =>
        Array.ForEach(_owners, owner => owner.Configure(shards == 1 ? configuration : configuration with { Shards = shards }, at));

    /// <summary>Teaches all from full-information rows.</summary>
    public void WarmStart(IReadOnlyList<WarmStartQuery> rows) => Array.ForEach(_owners, owner => owner.WarmStart(rows));

    /// <summary>Hands what an arm answered over to all.</summary>
    public void Quiz(QuizSet quiz, DateTimeOffset at) => Array.ForEach(_owners, owner => owner.Quiz(quiz, at));

    /// <summary>Hands over what is known of more than what served.</summary>
    public void Evidence(WarmStartSet set, DateTimeOffset at) => Array.ForEach(_owners, owner => owner.Evidence(set, at));

    /// <summary>Lets the owners take each other in where that is due.</summary>
    public void Exchange(DateTimeOffset at)
    {
        if (shards == 1 || _requests == 0 || _requests % (Period * shards) != 0)
        {
            return;
        }

        var ends = _owners.Select(owner => owner.Log.Count).ToArray();
        foreach (var owner in _owners)
        {
            owner.TakeIn(_owners, ends, at);
        }
    }

    /// <summary>Decides, whoever's turn it is; the decision takes effect with <see cref="Apply"/>.</summary>
    public DecisionRecord Decide(DecisionRequest request, DateTimeOffset at) => _owners[_requests++ % shards].Decide(request, at);

    /// <summary>Takes in a decision.</summary>
    public void Apply(DecisionRecord decision) => OwnerOf(decision.DecisionId).Apply(decision);

    /// <summary>Settles a completed call.</summary>
    public void Settle(DecisionFacts decision, TokenUsage usage, double costUsd, double latencySeconds, DateTimeOffset at) =>
        OwnerOf(decision.DecisionId).Settle(decision, usage, costUsd, latencySeconds, at);

    /// <summary>Applies feedback.</summary>
    public void Reward(Feedback feedback, DateTimeOffset at) => OwnerOf(feedback.Decision.DecisionId).Reward(feedback, at);

    private PlayedTenant OwnerOf(string decisionId) => _owners[TenantOwner.NumberOf(TenantOwner.OfDecision(Tenant, decisionId)) - 1];
}
