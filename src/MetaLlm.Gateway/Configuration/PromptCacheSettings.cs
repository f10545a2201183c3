using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Arms;

namespace MetaLlm.Gateway.Configuration;

/// <summary>How the provider of a model caches prompts. What is left out is what is known of the upstream's kind.</summary>
public sealed class PromptCacheSettings
{
    private const string OfKind = "that of the upstream's kind";

    /// <summary>Whether it caches prompts at all.</summary>
    [DefaultValue(OfKind)]
    public bool? Enabled { get; init; }

    /// <summary>How long a prompt is kept after its last use.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00"), DefaultValue(OfKind)]
    public TimeSpan? Ttl { get; init; }

    /// <summary>Tokens that the beginning of a prompt must have to be kept.</summary>
    [Range(0, PromptCache.MostTokens), DefaultValue(OfKind)]
    public int? MinTokens { get; init; }

    /// <summary>Whether only what a request marks with <c>cache_control</c> is kept.</summary>
    [DefaultValue(OfKind)]
    public bool? NeedsMarks { get; init; }

    /// <param name="preset">What is known of the kind; null for nothing.</param>
    /// <param name="writePrice">USD per prompt token that is put into the cache.</param>
    /// <param name="chargesForWrites">Whether the configuration says so.</param>
    internal PromptCache? ToCache(PromptCache? preset, double writePrice, bool chargesForWrites)
    {
        var isNamed = Enabled ?? (preset is not null || Ttl is not null || MinTokens is not null || NeedsMarks is not null);
        if (!isNamed)
        {
            return null;
        }

        var standard = preset ?? new PromptCache();
        var cache = new PromptCache
        {
            TimeToLive = Ttl ?? standard.TimeToLive, MinTokens = MinTokens ?? standard.MinTokens, NeedsMarks = NeedsMarks ?? standard.NeedsMarks,
        };

        // Who lets a request say what is kept charges for it.
        return cache.NeedsMarks || chargesForWrites ? cache with { WritePrice = writePrice } : cache;
    }
}
