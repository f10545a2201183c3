using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Judging;

namespace MetaLlm.Gateway.Configuration;

/// <summary>
/// The chosen model answers first. Before the answer leaves it is weighed by what it shows; where its doubt is worth a second call at the prices in force, another model takes over, and both calls
/// are paid. Not for a tenant with a guarantee, a canary, a challenger or shards.
/// </summary>
public sealed class CascadeSettings
{
    private const int MostCheckers = 8;

    /// <summary>Whether answers are weighed.</summary>
    public bool Enabled { get; init; }

    /// <summary>The models that may take over, of <c>arms</c> or their variants. Without any, every other model may.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength)]
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>What is done with answers that are streamed.</summary>
    public CascadedStreams Streamed { get; init; }

    /// <summary>Whether upstreams that can tell are asked for the probabilities of an answer's tokens (<c>logprobs</c>). A client that has not asked for them does not get them.</summary>
    public bool LogProbabilities { get; init; } = true;

    /// <summary>A regular expression whose first group finds in the answer how sure the model says it is, from 0 to 1, or in per cent from above 1 to 100. That the model says it is the prompt's business.</summary>
    [StringLength(2000)]
    public string? SelfReport { get; init; }

    /// <summary>Checkers of the answer, at most 8. The mean of what they say is one of the things that an answer shows.</summary>
    public IReadOnlyList<CheckerSettings> Checkers { get; init; } = [];

    internal Core.Cascades.CascadeSettings? ToSettings() => Enabled ? new() { Models = Models.Count == 0 ? null : Models } : null;

    /// <param name="challenger">The tenant's challenger.</param>
    /// <param name="errors">Its place.</param>
    internal void Check(ChallengerSettings challenger, SettingsErrors errors)
    {
        if (Checkers.Count > MostCheckers)
        {
            errors.Add("checkers", $"has {Checkers.Count} entries; {MostCheckers} are the most.");
        }

        for (var i = 0; i < Checkers.Count; i++)
        {
            Checkers[i].Check(errors.At("checkers").At(i));
        }

        if (Enabled && challenger.Policy is not null)
        {
            errors.Add(null, "is given together with a challenger, which the log of such answers says too little about; one of the two must go.");
        }

        if (SelfReport is { } pattern)
        {
            MatchJudge.Check("selfReport", pattern, null, "how sure the model says it is, such as in 'Confidence: (\\d+)%'", errors);
        }
    }
}
