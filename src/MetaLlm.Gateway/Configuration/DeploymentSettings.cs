using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A deployment: a model at one place with one key. What it leaves out is the model's, and what that leaves out the upstream's.</summary>
public sealed class DeploymentSettings
{
    private const double MaxUsdPerMillion = 1_000_000;
    private const double MostWeight = 1000;
    private const string NamePattern = "[!-~]([ -~]*[!-~])?";

    /// <summary>Its name in metrics and attempts, unique within the model.</summary>
    [StringLength(TenantConfigurationValidator.MaximumIdLength), RegularExpression(NamePattern, ErrorMessage = "ASCII letters, digits, signs and inner blanks are legal"), DefaultValue("the name of its upstream")]
    public string? Name { get; init; }

    /// <summary>Name of the upstream that serves it.</summary>
    [DefaultValue("that of the model")]
    public string? Upstream { get; init; }

    /// <summary>The upstream's name of the model.</summary>
    [DefaultValue("that of the model")]
    public string? Model { get; init; }

    /// <summary>Its share of the calls beside the other deployments. One of 0 is a spare: it is called when no other can be.</summary>
    [Range(0.0, MostWeight)]
    public double Weight { get; init; } = 1;

    /// <summary>Environment variable that holds the key that is sent, instead of that of the upstream.</summary>
    public EnvironmentValue? ApiKeyEnvironment { get; init; }

    /// <summary>File that holds that key, instead of an environment variable. Its changes are followed.</summary>
    [StringLength(4096)]
    public SecretFile? ApiKeyFile { get; init; }

    /// <summary>Time to the first event of a stream that carries content.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", MinimumIsExclusive = true), DefaultValue("that of the upstream")]
    public TimeSpan? FirstByteTimeout { get; init; }

    /// <summary>Time to the headers of a plain answer, and between two reads of its body.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true), DefaultValue("that of the upstream")]
    public TimeSpan? PlainTimeout { get; init; }

    /// <summary>Time to the end of the answer; at most that of the upstream.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true), DefaultValue("that of the upstream")]
    public TimeSpan? TotalTimeout { get; init; }

    /// <summary>List price of a million prompt tokens, USD. With it or <c>outputUsdPerMillion</c> the deployment has prices of its own, which are whole: nothing is taken over from the model's.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double? InputUsdPerMillion { get; init; }

    /// <summary>List price of a million completion tokens, USD.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double? OutputUsdPerMillion { get; init; }

    /// <summary>List price of a million prompt tokens that the upstream has cached, USD; without it, the price of prompt tokens.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double? CachedInputUsdPerMillion { get; init; }

    /// <summary>List price of a million prompt tokens that the upstream writes to its cache, USD; without it, 1.25 times that of prompt tokens.</summary>
    [Range(0.0, MaxUsdPerMillion)]
    public double? CacheWriteUsdPerMillion { get; init; }

    /// <summary>What every request to it gets; it goes before what the model adds.</summary>
    [Inline]
    public RequestAdditions Additions { get; } = new();

    /// <summary>Its own prices; null where it has those of the model.</summary>
    internal UsagePrices? Prices => InputUsdPerMillion is null && OutputUsdPerMillion is null
        ? null
        : UsagePrices.Of(TokenPrices.PerMillion(InputUsdPerMillion ?? 0, OutputUsdPerMillion ?? 0, CachedInputUsdPerMillion), CacheWriteUsdPerMillion / 1e6, null, null);

    internal string? Key => ApiKeyFile?.Value ?? ApiKeyEnvironment?.Value;

    internal void Check(SettingsErrors errors)
    {
        if (ApiKeyEnvironment is not null && ApiKeyFile is not null)
        {
            errors.Add("apiKeyFile", "is given beside apiKeyEnvironment; only one of them may be.");
        }

        foreach (var (member, isGiven) in ((string, bool)[])[("cachedInputUsdPerMillion", CachedInputUsdPerMillion is not null), ("cacheWriteUsdPerMillion", CacheWriteUsdPerMillion is not null)])
        {
            if (isGiven && Prices is null)
            {
                errors.Add(member, "needs inputUsdPerMillion or outputUsdPerMillion beside it: a deployment has prices of its own whole, or not at all.");
            }
        }

        Additions.Check(errors);
    }

    /// <summary>Refuses what a model has no use for that answers without tokens.</summary>
    internal void RefuseOutputs(SettingsErrors errors) => ServedPrices.RefuseOutputs(
        [("outputUsdPerMillion", OutputUsdPerMillion), ("cachedInputUsdPerMillion", CachedInputUsdPerMillion), ("cacheWriteUsdPerMillion", CacheWriteUsdPerMillion)], errors);
}
