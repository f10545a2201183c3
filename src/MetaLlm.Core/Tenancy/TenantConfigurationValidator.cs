using System.Globalization;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Rollout;
using MetaLlm.Core.Sharing;

namespace MetaLlm.Core.Tenancy;

/// <summary>Checks a configuration and reports everything that is wrong with it at once.</summary>
public static class TenantConfigurationValidator
{
    /// <summary>Most arms a tenant may have.</summary>
    public const int MaximumArms = 64;

    /// <summary>Longest arm id, in characters.</summary>
    public const int MaximumIdLength = 128;

    private static readonly TimeSpan ShortestWindow = TimeSpan.FromMinutes(1);

    /// <summary>Checks a configuration.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <returns>Every error found; empty when the configuration is valid.</returns>
    public static IReadOnlyList<ConfigurationError> Validate(TenantConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var errors = new List<ConfigurationError>();
        CheckArms(configuration.Arms, errors);
        CheckPolicy(configuration, errors);
        CheckRange("PriceWeight", configuration.PriceWeight, 0, double.MaxValue, errors);
        CheckRange("LatencyWeight", configuration.LatencyWeight, 0, double.MaxValue, errors);
        CheckPositive("UsdPerRequest", configuration.UsdPerRequest, errors);
        CheckPositive("HardCapUsd", configuration.HardCapUsd, errors);
        CheckPositive("UsdPerHour", configuration.UsdPerHour, errors);
        CheckPositive("UsdPerDay", configuration.UsdPerDay, errors);
        CheckPositive("UsdPerMonth", configuration.UsdPerMonth, errors);
        CheckMissingReward(configuration.MissingReward, errors);
        CheckDefined("HardCapReserve", configuration.HardCapReserve, errors);
        CheckDefined("RouteExpiry", configuration.RouteExpiry, errors);
        if (configuration.QualityFloor is { } floor)
        {
            CheckRange("QualityFloor", floor, 0, 1, errors);
            if (configuration.PriceWeight > 0)
            {
                errors.Add(new("QualityFloor", $"is {floor} while PriceWeight is {configuration.PriceWeight}; a floor finds the shadow price itself, so that one of the two must go."));
            }
        }

        if (configuration.MaxWeightPerUser is { } most && !(most >= UserWeights.Least && most <= UserWeights.Most))
        {
            errors.Add(new("MaxWeightPerUser", string.Create(CultureInfo.InvariantCulture, $"is {most}; it must be {UserWeights.Least} to {UserWeights.Most}.")));
        }

        if (configuration.ExplorationFloor is { } share && !(share > 0 && share <= ExplorationFloor.Largest))
        {
            errors.Add(new("ExplorationFloor", string.Create(CultureInfo.InvariantCulture, $"is {share}; it must be above 0 and at most {ExplorationFloor.Largest}.")));
        }

        CheckConversations(configuration.Conversations, errors);
        CheckCanary(configuration, errors);
        GuaranteeRules.Check(configuration, errors);
        CascadeRules.Check(configuration, errors);
        if (configuration.Sharing is { } sharing)
        {
            CheckRange("Sharing.Epsilon", sharing.Epsilon, SharingSettings.LeastEpsilon, SharingSettings.LargestEpsilon, errors);
        }

        if (configuration.HardCapWindow < ShortestWindow)
        {
            errors.Add(new("HardCapWindow", $"is {configuration.HardCapWindow}; it must be at least {ShortestWindow}."));
        }

        if (configuration.Shards is { } shards)
        {
            CheckShards(configuration, shards, errors);
        }

        if ((configuration.Parts & ~(ContextParts.All | ContextParts.Language)) != 0)
        {
            errors.Add(new("Parts", $"is {(int)configuration.Parts}; it must combine Structural, Task, Embedding and Language only."));
        }

        return errors;
    }

    private static void CheckShards(TenantConfiguration configuration, int shards, List<ConfigurationError> errors)
    {
        if (shards is < 2 or > TenantOwner.Most)
        {
            errors.Add(new("Shards", string.Create(CultureInfo.InvariantCulture, $"is {shards}; it must be 2 to {TenantOwner.Most}, or left out for one owner.")));
        }

        if (configuration.Conversations is not null)
        {
            errors.Add(new("Conversations", "is given; owners of a tenant with shards know nothing of each other's conversations."));
        }

        for (var i = 0; i < (configuration.Arms?.Count ?? 0); i++)
        {
            // Each owner renames at a place in its own journal, which the others do not know.
            if (configuration.Arms![i]?.RenamedFrom is { } from)
            {
                errors.Add(new($"Arms[{i}].RenamedFrom", $"is '{from}'; arms of a tenant with shards keep their ids."));
            }
        }
    }

    private static void CheckCanary(TenantConfiguration configuration, List<ConfigurationError> errors)
    {
        if (configuration.Canary is not { } canary)
        {
            return;
        }

        if (configuration.Arms?.Any(arm => arm?.Id == canary.Arm) != true)
        {
            errors.Add(new("Canary.Arm", $"is '{canary.Arm}', which is no arm of the configuration."));
        }

        CheckRange("Canary.Share", canary.Share, 0, CanarySettings.LargestShare, errors);
        CheckRange("Canary.Tolerance", canary.Tolerance, 0, 1, errors);
        if (!(canary.FalseStops > 0 && canary.FalseStops <= 0.5))
        {
            errors.Add(new("Canary.FalseStops", string.Create(CultureInfo.InvariantCulture, $"is {canary.FalseStops}; it must be above 0 and at most 0.5.")));
        }

        if (configuration.Shards is not null)
        {
            errors.Add(new("Canary", "is given; owners of a tenant with shards cannot compare its calls."));
        }
    }

    private static void CheckConversations(ConversationSettings? conversations, List<ConfigurationError> errors)
    {
        if (conversations is null)
        {
            return;
        }

        CheckRange("Conversations.Remembered", conversations.Remembered, ConversationSettings.FewestRemembered, ConversationSettings.MostRemembered, errors);
        if (conversations.IdleTime < ConversationSettings.ShortestIdleTime || conversations.IdleTime > ConversationSettings.LongestIdleTime)
        {
            errors.Add(new("Conversations.IdleTime", $"is {conversations.IdleTime}; it must be {ConversationSettings.ShortestIdleTime} to {ConversationSettings.LongestIdleTime}."));
        }
    }

    private static void CheckPromptCache(string path, PromptCache cache, List<ConfigurationError> errors)
    {
        CheckRange($"{path}.MinTokens", cache.MinTokens, 0, PromptCache.MostTokens, errors);
        CheckRange($"{path}.WritePrice", cache.WritePrice, 0, double.MaxValue, errors);
        if (cache.TimeToLive < TimeSpan.FromSeconds(1) || cache.TimeToLive > PromptCache.LongestTime)
        {
            errors.Add(new($"{path}.TimeToLive", $"is {cache.TimeToLive}; it must be {TimeSpan.FromSeconds(1)} to {PromptCache.LongestTime}."));
        }
    }

    private static void CheckMissingReward(MissingReward? missing, List<ConfigurationError> errors)
    {
        if (missing is null)
        {
            return;
        }

        if (missing.Mode is not (MissingRewardMode.Value or MissingRewardMode.Impute))
        {
            errors.Add(new("MissingReward.Mode", $"is {(int)missing.Mode}; it must be Value or Impute."));
        }

        CheckRange("MissingReward.Value", missing.Value, 0, 1, errors);
        if (missing.Mode == MissingRewardMode.Impute && missing.Value > 0)
        {
            errors.Add(new("MissingReward.Value", string.Create(CultureInfo.InvariantCulture, $"is {missing.Value}; mode Impute predicts the reward, so that it must be left at 0.")));
        }

        if (!(missing.Weight > 0 && missing.Weight <= 1))
        {
            errors.Add(new("MissingReward.Weight", string.Create(CultureInfo.InvariantCulture, $"is {missing.Weight}; it must be above 0 and at most 1.")));
        }

        if (missing.After < MissingReward.ShortestWait || missing.After > MissingReward.LongestWait)
        {
            errors.Add(new("MissingReward.After", $"is {missing.After}; it must be {MissingReward.ShortestWait} to {MissingReward.LongestWait}."));
        }
    }

    private static void CheckArms(IReadOnlyList<Arm>? arms, List<ConfigurationError> errors)
    {
        if (arms is null || arms.Count is 0 or > MaximumArms)
        {
            errors.Add(new("Arms", $"has {arms?.Count ?? 0} entries; 1 to {MaximumArms} are needed."));
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var renamed = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < arms.Count; i++)
        {
            if (arms[i] is not { } arm)
            {
                errors.Add(new($"Arms[{i}]", "is null; every entry must be an arm."));
                continue;
            }

            CheckArm($"Arms[{i}]", arm, errors);
            if (arm.RenamedFrom is { } from)
            {
                CheckRename($"Arms[{i}]", from, arms, renamed, errors);
            }

            if (arm.Id is not null && !seen.Add(arm.Id))
            {
                errors.Add(new($"Arms[{i}].Id", $"is '{arm.Id}', which another arm has already; ids must be unique."));
            }
        }
    }

    private static void CheckRename(string path, string from, IReadOnlyList<Arm> arms, HashSet<string> renamed, List<ConfigurationError> errors)
    {
        if (string.IsNullOrWhiteSpace(from) || from.Length > MaximumIdLength)
        {
            errors.Add(new($"{path}.RenamedFrom", $"has {from.Length} characters; 1 to {MaximumIdLength}, not all blank, are needed."));
        }
        else if (arms.Any(other => other?.Id == from))
        {
            errors.Add(new($"{path}.RenamedFrom", $"is '{from}', which is an arm of this configuration; it must be the id that this arm had before."));
        }
        else if (!renamed.Add(from))
        {
            errors.Add(new($"{path}.RenamedFrom", $"is '{from}', as another arm's is; what was learned goes on with one of them."));
        }
    }

    private static void CheckArm(string path, Arm arm, List<ConfigurationError> errors)
    {
        if (string.IsNullOrWhiteSpace(arm.Id) || arm.Id.Length > MaximumIdLength)
        {
            errors.Add(new($"{path}.Id", $"has {arm.Id?.Length ?? 0} characters; 1 to {MaximumIdLength}, not all blank, are needed."));
        }

        CheckRange($"{path}.Prices.Input", arm.Prices.Input, 0, double.MaxValue, errors);
        CheckRange($"{path}.Prices.CachedInput", arm.Prices.CachedInput, 0, double.MaxValue, errors);
        CheckRange($"{path}.Prices.Output", arm.Prices.Output, 0, double.MaxValue, errors);
        CheckRange($"{path}.MostInputPrice", arm.MostInputPrice, 0, double.MaxValue, errors);
        CheckRange($"{path}.MostOutputPrice", arm.MostOutputPrice, 0, double.MaxValue, errors);
        CheckRange($"{path}.ContextTokens", arm.ContextTokens, 0, int.MaxValue, errors);
        CheckRange($"{path}.MaxOutputTokens", arm.MaxOutputTokens, 0, int.MaxValue, errors);
        CheckRange($"{path}.PriorLatencySeconds", arm.PriorLatencySeconds, 0, 86_400, errors);
        CheckPositive($"{path}.PriorOutputTokens", arm.PriorOutputTokens, errors);
        if (arm.PromptCache is { } cache)
        {
            CheckPromptCache($"{path}.PromptCache", cache, errors);
        }

        if (arm.Overhead is { } overhead)
        {
            CheckRange($"{path}.Overhead.InputTokens", overhead.InputTokens, 0, CallOverhead.LargestTokens, errors);
            CheckRange($"{path}.Overhead.MostInputTokens", overhead.MostInputTokens, overhead.InputTokens, CallOverhead.LargestTokens, errors);
            CheckRange($"{path}.Overhead.Usd", overhead.Usd, 0, double.MaxValue, errors);
        }

        if (arm.Card is { } card)
        {
            CheckCard($"{path}.Card", card, errors);
        }

        for (var i = 0; i < (arm.Capabilities?.Count ?? 0); i++)
        {
            if (string.IsNullOrWhiteSpace(arm.Capabilities![i]))
            {
                errors.Add(new($"{path}.Capabilities[{i}]", "is blank; a capability is a word."));
            }
        }
    }

    private static void CheckCard(string path, ModelCard card, List<ConfigurationError> errors)
    {
        CheckRange($"{path}.Weight", card.Weight, ModelCard.LeastWeight, ModelCard.LargestWeight, errors);
        if (card.Quality is { } quality)
        {
            CheckRange($"{path}.Quality", quality, 0, 1, errors);
        }
        else if (card.ByTask.Count == 0)
        {
            errors.Add(new($"{path}.Quality", "is missing, and ByTask is empty; a card says at least one of them."));
        }

        if (card.ByTask.Count > ModelCard.MostTasks)
        {
            errors.Add(new($"{path}.ByTask", $"has {card.ByTask.Count} tasks; {ModelCard.MostTasks} are the most."));
        }

        foreach (var (task, mean) in card.ByTask)
        {
            CheckRange($"{path}.ByTask[{task}]", mean, 0, 1, errors);
        }
    }

    private static void CheckPolicy(TenantConfiguration configuration, List<ConfigurationError> errors)
    {
        if (configuration.Policy is null || PolicyRegistry.Find(configuration.Policy) is not { } policy)
        {
            var known = string.Join(", ", PolicyRegistry.All.Select(p => p.Name));
            errors.Add(new("Policy", $"is '{configuration.Policy}'; known policies are {known}."));
            return;
        }

        if (configuration.PolicyOptions is null)
        {
            errors.Add(new("PolicyOptions", "is null; leave it out to have every default."));
            return;
        }

        foreach (var (name, value) in configuration.PolicyOptions.OrderBy(o => o.Key, StringComparer.Ordinal))
        {
            if (policy.Options.FirstOrDefault(o => o.Name == name) is { } option)
            {
                CheckRange($"PolicyOptions.{name}", value, option.Minimum, option.Maximum, errors);
            }
            else
            {
                var known = policy.Options.Count == 0 ? "it has none" : string.Join(", ", policy.Options.Select(o => o.Name));
                errors.Add(new($"PolicyOptions.{name}", $"is no option of policy '{policy.Name}': {known}."));
            }
        }
    }

    private static void CheckDefined<T>(string field, T value, List<ConfigurationError> errors)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            errors.Add(new(field, $"is {value}; it must be one of {string.Join(", ", Enum.GetNames<T>())}."));
        }
    }

    private static void CheckPositive(string field, double? value, List<ConfigurationError> errors)
    {
        if (value is { } number && !(number > 0 && double.IsFinite(number)))
        {
            errors.Add(new(field, string.Create(CultureInfo.InvariantCulture, $"is {number}; it must be finite and above 0.")));
        }
    }

    private static void CheckRange(string field, double value, double minimum, double maximum, List<ConfigurationError> errors)
    {
        if (!(value >= minimum && value <= maximum))
        {
            var range = maximum == double.MaxValue
                ? string.Create(CultureInfo.InvariantCulture, $"finite and at least {minimum}")
                : string.Create(CultureInfo.InvariantCulture, $"{minimum} to {maximum}");
            errors.Add(new(field, string.Create(CultureInfo.InvariantCulture, $"is {value}; it must be {range}.")));
        }
    }
}
