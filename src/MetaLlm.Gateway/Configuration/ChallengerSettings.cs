using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Configuration;

/// <summary>
/// A policy that would take the place of the tenant's. What it would have earned is estimated from the tenant's own log beside the tenant's policy, and it is promoted where it is better.
/// Not for a tenant with shards.
/// </summary>
public sealed class ChallengerSettings
{
    /// <summary>The policy. Without it there is no challenger.</summary>
    public string? Policy { get; init; }

    /// <summary>Numbers that tune it, by name.</summary>
    public IReadOnlyDictionary<string, double> PolicyOptions { get; init; } = new Dictionary<string, double>();

    /// <summary>Who promotes it once its gate is open: somebody (<c>manual</c>), or the gateway (<c>automatic</c>). A tenant of the configuration file changes by the file alone.</summary>
    public ChallengerPromotion Promote { get; init; }

    /// <summary>What the least of its advantage must be above, in units of reward: what it earns less what the tenant's policy earns, both less what money and time are worth to the tenant.</summary>
    [Range(-1.0, 1.0)]
    public double Margin { get; init; }

    /// <summary>Fewest decisions with feedback that the gate opens after.</summary>
    [Range(30, 1_000_000_000)]
    public int LeastDecisions { get; init; } = 500;

    /// <summary>Fewest decisions of the challenger itself that the log must be worth: its effective sample size.</summary>
    [Range(1.0, 1e9)]
    public double LeastEffective { get; init; } = 100;

    /// <summary>Probability that the least of its advantage is ever stated too high, however often somebody looks.</summary>
    [Range(0.0, 0.5, MinimumIsExclusive = true)]
    public double FalsePromotions { get; init; } = 0.05;

    /// <summary>How long the feedback on a decision is waited for, hours; what comes later does not count.</summary>
    [Range(1.0 / 60, 24.0 * 366)]
    public double FeedbackHours { get; init; } = 24;

    /// <summary>How long a look at the log holds, minutes.</summary>
    [Range(1.0, 7 * 24.0 * 60)]
    public double EveryMinutes { get; init; } = 60;

    /// <summary>
    /// The first day or moment whose decisions count; earlier ones teach both policies, and nothing else. Whoever has picked the challenger by a look at the log sets it to the time of that look. Without
    /// it all decisions count.
    /// </summary>
    [StringLength(32), RegularExpression(DatedPriceSettings.Moment, ErrorMessage = "a date or a time in ISO 8601 is legal, such as 2027-01-31 or 2027-01-31T12:00:00Z")]
    public string? Since { get; init; }

    /// <summary><see cref="Since"/>, once it has been read.</summary>
    internal DateTimeOffset? SinceTime => IsoTime.Parse(Since);

    /// <param name="tenant">The tenant's configuration.</param>
    /// <param name="replaced">The policy that a rollback would put back.</param>
    /// <param name="errors">The tenant's place.</param>
    internal void Check(TenantConfiguration tenant, ReplacedPolicySettings replaced, SettingsErrors errors)
    {
        CheckPolicy(tenant, Policy, PolicyOptions, errors.At("challenger"));
        CheckPolicy(tenant, replaced.Policy, replaced.PolicyOptions, errors.At("replacedPolicy"));
        if (Policy is not null && tenant.Shards is > 1 and var shards)
        {
            errors.At("challenger").Add("policy", FormattableString.Invariant($"is '{Policy}' while shards is {shards}; each owner has a log of its own, and none can learn again from it."));
        }

        if (Since is not null && SinceTime is null)
        {
            errors.At("challenger").Add("since", $"is '{Since}'; it must be a date or a time in ISO 8601, such as 2027-01-31 or 2027-01-31T12:00:00Z.");
        }
    }

    private static void CheckPolicy(TenantConfiguration tenant, string? policy, IReadOnlyDictionary<string, double> options, SettingsErrors errors)
    {
        if (policy is null)
        {
            return;
        }

        foreach (var error in TenantConfigurationValidator.Validate(tenant with { Policy = policy, PolicyOptions = options })
            .Where(error => error.Field == nameof(Policy) || error.Field.StartsWith(nameof(PolicyOptions), StringComparison.Ordinal)))
        {
            errors.Add(char.ToLowerInvariant(error.Field[0]) + error.Field[1..], error.Message);
        }
    }
}
