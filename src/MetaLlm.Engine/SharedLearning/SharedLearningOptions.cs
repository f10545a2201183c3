using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MetaLlm.Engine.SharedLearning;

/// <summary>How sums are pooled among the tenants that have agreed to it.</summary>
public sealed class SharedLearningOptions
{
    private const string StandardTopics = "chat, classification, code, extraction, math, qa, rag, reasoning, summarization, translation, writing";

    /// <summary>
    /// Task tags that rewards are summed by; requests with another tag, or none, are summed together. They are the operator's, since a tag that came from traffic would tell of it.
    /// </summary>
    /// <value>Default: chat, classification, code, extraction, math, qa, rag, reasoning, summarization, translation and writing.</value>
    [StringLength(64), DefaultValue(StandardTopics)]
    public IReadOnlyList<string> Topics { get; set; } = StandardTopics.Split(", ");

    /// <summary>Fewest tenants that must have given of a model before anything of it is used or shown.</summary>
    /// <value>Default 3; 2 to 1,000.</value>
    [Range(2, 1000)]
    public int MinTenants { get; set; } = 3;

    /// <summary>How often a tenant gives. A decision is given once, when it is between one and two periods old.</summary>
    /// <value>Default 1 day; 1 second to 31 days.</value>
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00")]
    public TimeSpan Period { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Most decisions that a tenant gives at once, the newest of the period: no tenant can outweigh the others.</summary>
    /// <value>Default 1,000; 1 to 100,000.</value>
    [Range(1, 100_000)]
    public int MostDecisions { get; set; } = 1000;
}
