using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <summary>
/// A purse for answers of models that did not serve: other models are asked some requests besides, judges judge their answers, and the policy learns from both. Nobody sees these answers. Not for a
/// tenant with shards.
/// </summary>
public sealed class TenantEvidenceSettings
{
    private readonly PurseConfigurations _configurations = new();

    /// <summary>What those answers may cost at most within a window, USD. Nothing of it counts for the budgets of the tenant. Without it nothing is bought.</summary>
    [Range(0.0, 1e12, MinimumIsExclusive = true)]
    public double? Usd { get; init; }

    /// <summary>Length of that window, hours.</summary>
    [Range(1.0 / 60, 24.0 * 366), DefaultValue(24)]
    public double? WindowHours { get; init; }

    /// <summary>Share of the requests whose texts may be kept for it, in memory and until the answers are judged.</summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double Share { get; init; } = 1;

    /// <summary>Which of the tenant's judges judge these answers; all of them without it.</summary>
    public IReadOnlyList<string> Judges { get; init; } = [];

    /// <summary>The only models that are asked, of <c>arms</c> or their variants; all that could have served without it.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength)]
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Answers of a new model that are bought first, and handed over as a quiz; with 0 a new model gets none.</summary>
    [Range(0, QuizSet.MostRows)]
    public int AutoQuiz { get; init; }

    /// <summary>Requests that are expected within a window: answers are bought in its first quarter.</summary>
    [Range(1.0, 1e12)]
    public double Requests { get; init; } = 2000;

    /// <summary>Whether anything is bought.</summary>
    internal bool IsOn => Usd is not null;

    /// <summary>What the tenant is made from for which these models are called.</summary>
    /// <param name="tenant">The tenant's configuration, with the prices in force.</param>
    internal TenantConfiguration ToConfiguration(TenantConfiguration tenant) => _configurations.Of(tenant, Usd, TimeSpan.FromHours(WindowHours ?? 24), IsAsked);

    /// <summary>The judges that judge these answers.</summary>
    /// <param name="judges">The tenant's judges.</param>
    internal IReadOnlyList<JudgeSettings> JudgesOf(JudgesSettings judges) => Judges.Count == 0 ? judges.List : [.. judges.List.Where(judge => Judges.Contains(judge.Id))];

    /// <param name="tenant">The tenant's configuration.</param>
    /// <param name="judges">The tenant's judges.</param>
    /// <param name="errors">Its place.</param>
    internal void Check(TenantConfiguration tenant, JudgesSettings judges, SettingsErrors errors)
    {
        for (var i = 0; i < Models.Count; i++)
        {
            if (tenant.Arms.All(arm => arm.Id != Models[i] || !arm.Enabled))
            {
                errors.At("models").Add(null, $"has '{Models[i]}', which is no enabled model of the tenant.");
            }
        }

        foreach (var judge in Judges.Where(id => judges.List.All(judge => judge.Id != id)))
        {
            errors.At("judges").Add(null, $"has '{judge}', which is no judge of the tenant; they are {(judges.IsOn ? string.Join(", ", judges.List.Select(one => one.Id)) : "none")}.");
        }

        if (!IsOn)
        {
            return;
        }

        if (!judges.IsOn)
        {
            errors.Add("usd", "is given while the tenant has no judges; answers that nobody sees are worth something only when 'judges' judge them.");
        }

        if (tenant.Shards is > 1 and var shards)
        {
            errors.Add("usd", FormattableString.Invariant($"is given while shards is {shards}; a purse is one owner's."));
        }
    }

    private bool IsAsked(Core.Arms.Arm arm) => arm.Enabled && (Models.Count == 0 || Models.Contains(arm.Id));
}
