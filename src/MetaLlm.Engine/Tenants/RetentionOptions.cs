using System.ComponentModel.DataAnnotations;

namespace MetaLlm.Engine.Tenants;

/// <summary>How long journals keep decisions. What was learned from them stays, in a state that stands for the beginning of the journal.</summary>
public sealed class RetentionOptions
{
    /// <summary>Days after which decisions go, with their events and feedback. They are unknown then: neither looked up nor judged any more. Without it everything is kept.</summary>
    [Range(1, 36_500)]
    public int? Days { get; set; }

    /// <summary>
    /// Directory that receives what goes, as JSON lines in a compressed file for each tenant and day; <c>metallm ope --archive</c> reads it. All silos need the same
    /// one. Without it, what goes is gone.
    /// </summary>
    /// <value>Default null: nothing is archived.</value>
    [StringLength(4096)]
    public string? Archive { get; set; }

    /// <summary>Days after which records of the audit go: who changed which tenant or key, when. Without it they are kept. They are not archived.</summary>
    [Range(1, 36_500)]
    public int? AuditDays { get; set; }

    /// <summary>How often the cluster looks for what is to go.</summary>
    /// <value>Default 1 hour; 1 second to 7 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00")]
    public TimeSpan Period { get; set; } = TimeSpan.FromHours(1);
}
