using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Prices of a model that hold from a moment on, until the next ones of the list do. They are whole: nothing is taken over from those before.</summary>
public sealed class DatedPriceSettings
{
    private const double MaxUsdPerMillion = 1_000_000;
    internal const string Moment = "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?";

    /// <summary>The moment from which they hold: a date, which begins at midnight UTC, or a time in ISO 8601 with its zone, such as <c>2027-01-31T12:00:00Z</c>. Each is later than the one before.</summary>
    [StringLength(32), RegularExpression(Moment, ErrorMessage = "a date or a time in ISO 8601 is legal, such as 2027-01-31 or 2027-01-31T12:00:00Z")]
    public required string From { get; init; } = "";

    /// <summary>List price of a million prompt tokens, USD.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double InputUsdPerMillion { get; init; }

    /// <summary>List price of a million completion tokens, USD.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double OutputUsdPerMillion { get; init; }

    /// <summary>List price of a million prompt tokens that the upstream has cached, USD; without it, the price of prompt tokens.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double? CachedInputUsdPerMillion { get; init; }

    /// <summary>List price of a million prompt tokens that the upstream writes to its cache, USD; without it, 1.25 times that of prompt tokens.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double? CacheWriteUsdPerMillion { get; init; }

    /// <summary>List price of a million prompt tokens of sound, USD; without it, that of prompt tokens.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double? AudioInputUsdPerMillion { get; init; }

    /// <summary>List price of a million completion tokens of sound, USD; without it, that of completion tokens.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double? AudioOutputUsdPerMillion { get; init; }

    /// <summary><see cref="From"/>, once it has been read.</summary>
    internal DateTimeOffset Since { get; private set; }

    internal TokenPrices List => TokenPrices.PerMillion(InputUsdPerMillion, OutputUsdPerMillion, CachedInputUsdPerMillion);

    internal UsagePrices All => UsagePrices.Of(List, CacheWriteUsdPerMillion / 1e6, AudioInputUsdPerMillion / 1e6, AudioOutputUsdPerMillion / 1e6);

    /// <summary>Refuses what a model has no use for that answers without tokens.</summary>
    internal void RefuseOutputs(SettingsErrors errors) => ServedPrices.RefuseOutputs(
        [
            ("outputUsdPerMillion", OutputUsdPerMillion > 0 ? OutputUsdPerMillion : null), ("cachedInputUsdPerMillion", CachedInputUsdPerMillion), ("cacheWriteUsdPerMillion", CacheWriteUsdPerMillion),
            ("audioInputUsdPerMillion", AudioInputUsdPerMillion), ("audioOutputUsdPerMillion", AudioOutputUsdPerMillion),
        ],
        errors);

    /// <param name="before">The moment that it must come after; null for any.</param>
    /// <param name="errors">Receives what is wrong.</param>
    internal void Complete(DateTimeOffset? before, SettingsErrors errors)
    {
        if (From.Length == 0)
        {
            return;
        }

        if (!DateTimeOffset.TryParse(From, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var since))
        {
            errors.Add("from", $"is '{From}'; it must be a date or a time in ISO 8601, such as 2027-01-31 or 2027-01-31T12:00:00Z.");
        }
        else if (since <= before)
        {
            errors.Add("from", $"is '{From}'; it must be later than the one before, which is {before:yyyy-MM-ddTHH:mm:ssZ}.");
        }

        Since = since;
    }
}
