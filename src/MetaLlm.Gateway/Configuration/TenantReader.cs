using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Authentication;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Reads the list <c>tenants</c>.</summary>
internal static class TenantReader
{
    public const int LongestId = 64;
    private const double DearestPerMillion = 1_000_000;

    public static Dictionary<string, TenantSettings> Read(
        SectionReader root, NodeRole role, IReadOnlyDictionary<string, UpstreamSettings> upstreams, SettingsContext context)
    {
        var tenants = new Dictionary<string, TenantSettings>(StringComparer.Ordinal);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var section in root.Items("tenants"))
        {
            var tenant = ReadOne(section, upstreams, keys, context);
            if (tenant.Id.Length > 0 && !tenants.TryAdd(tenant.Id, tenant))
            {
                section.Fail("id", $"is '{tenant.Id}', which another tenant has already; ids must be unique.");
            }

            section.RefuseUnknown();
        }

        // A silo serves whichever tenants the gateways have set up.
        if (tenants.Count == 0 && role != NodeRole.Silo)
        {
            root.Fail("tenants", "is empty; at least one tenant is needed.");
        }

        return tenants;
    }

    private static TenantSettings ReadOne(
        SectionReader section, IReadOnlyDictionary<string, UpstreamSettings> upstreams, HashSet<string> keys, SettingsContext context)
    {
        var id = section.RequiredText("id", LongestId);
        if (id.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            section.Fail("id", $"is '{id}'; letters, digits, '-', '_' and '.' are legal.");
        }

        var arms = new List<Arm>();
        var targets = new Dictionary<string, ArmTarget>(StringComparer.Ordinal);
        foreach (var entry in section.Items("arms"))
        {
            var (arm, target) = ReadArm(entry, upstreams);
            arms.Add(arm);
            targets.TryAdd(arm.Id, target);
            entry.RefuseUnknown();
        }

        var budget = section.Child("budget");
        var configuration = new TenantConfiguration
        {
            Arms = arms,
            Policy = section.Text("policy") ?? "metallm",
            PolicyOptions = ReadOptions(section),
            Seed = (ulong)(section.Integer("seed", 0, long.MaxValue) ?? 1),
            PriceWeight = section.Number("priceWeight", 0, 1e9) ?? 0,
            LatencyWeight = section.Number("latencyWeight", 0, 1e6) ?? 0,
            UsdPerRequest = budget.Number("usdPerRequest", 0, 1e6, aboveMinimum: true),
            HardCapUsd = budget.Number("hardCapUsd", 0, 1e12, aboveMinimum: true),
            HardCapWindow = TimeSpan.FromHours(budget.Number("hardCapWindowHours", 1.0 / 60, 24 * 366) ?? 24),
            MissingReward = ReadMissingReward(section.Child("missingReward")),
            QualityFloor = section.Number("qualityFloor", 0, 1),
            UsdPerHour = budget.Number("usdPerHour", 0, 1e12, aboveMinimum: true),
            UsdPerDay = budget.Number("usdPerDay", 0, 1e12, aboveMinimum: true),
            UsdPerMonth = budget.Number("usdPerMonth", 0, 1e12, aboveMinimum: true),
            Parts = ReadParts(section),
        };
        budget.RefuseUnknown();
        foreach (var error in TenantConfigurationValidator.Validate(configuration))
        {
            section.Fail(JsonField(error.Field), error.Message);
        }

        return new TenantSettings { Id = id, KeyHashes = ReadKeys(section, keys, context), Configuration = configuration, Targets = targets };
    }

    private static (Arm Arm, ArmTarget Target) ReadArm(SectionReader section, IReadOnlyDictionary<string, UpstreamSettings> upstreams)
    {
        var id = section.RequiredText("id", TenantConfigurationValidator.MaximumIdLength);
        if (id is "auto" or "metallm/auto")
        {
            section.Fail("id", $"is '{id}', which asks for routing; an arm needs another id.");
        }

        var upstream = section.RequiredText("upstream");
        if (upstream.Length > 0 && !upstreams.ContainsKey(upstream))
        {
            section.Fail("upstream", $"is '{upstream}'; upstreams are {string.Join(", ", upstreams.Keys)}.");
        }

        var input = section.Number("inputUsdPerMillion", 0, DearestPerMillion) ?? 0;
        var arm = new Arm
        {
            Id = id.Length > 0 ? id : section.Path,
            Prices = TokenPrices.PerMillion(
                input,
                section.Number("outputUsdPerMillion", 0, DearestPerMillion) ?? 0,
                section.Number("cachedInputUsdPerMillion", 0, DearestPerMillion)),
            Enabled = section.Flag("enabled", fallback: true),
            ContextTokens = (int?)section.Integer("contextTokens", 0, int.MaxValue) ?? 0,
            Capabilities = section.Words("capabilities"),
            PriorOutputTokens = section.Number("priorOutputTokens", 1, 1e6) ?? 256,
            PriorLatencySeconds = section.Number("priorLatencySeconds", 0, 86_400) ?? 2,
        };
        var model = section.Text("model") ?? id;
        var endpoint = upstreams.TryGetValue(upstream, out var found) ? found.Endpoint : new UpstreamEndpoint { Name = upstream, BaseAddress = new Uri("about:blank") };
        return (arm, new ArmTarget(endpoint, model, arm.Prices));
    }

    private static List<byte[]> ReadKeys(SectionReader section, HashSet<string> taken, SettingsContext context)
    {
        var hashes = new List<byte[]>();
        foreach (var variable in section.Words("keyEnvironments") ?? [])
        {
            if (KeyVariable.Look(section, "keyEnvironments", variable, context) is not { } key)
            {
                continue;
            }

            if (key == TenantKey.Anonymous || !taken.Add(key))
            {
                section.Fail("keyEnvironments", $"names '{variable}', whose key is in use already; every key must be another.");
            }

            hashes.Add(TenantKey.Hash(key));
        }

        return hashes;
    }

    private static MissingReward? ReadMissingReward(SectionReader section)
    {
        var mode = section.Choice("mode", "ignore", "ignore", "value", "impute");
        var value = section.Number("value", 0, 1);
        var after = section.Number("afterSeconds", MissingReward.ShortestWait.TotalSeconds, MissingReward.LongestWait.TotalSeconds);
        var weight = section.Number("weight", 0, 1, aboveMinimum: true);
        section.RefuseUnknown();
        if (mode == "ignore")
        {
            if (value is not null || after is not null || weight is not null)
            {
                section.Fail("mode", "is 'ignore', which takes no value, afterSeconds or weight; 'value' and 'impute' do.");
            }

            return null;
        }

        if (mode == "impute")
        {
            if (value is not null)
            {
                section.Fail("value", "belongs to mode 'value'; 'impute' predicts the reward.");
            }

            return new MissingReward
            {
                Mode = MissingRewardMode.Impute,
                After = TimeSpan.FromSeconds(after ?? 86_400),
                Weight = weight ?? MissingReward.ImputedWeight,
            };
        }

        if (!section.Has("value"))
        {
            section.Fail("value", "is missing; it must be a number from 0 to 1.");
        }

        return new MissingReward { Value = value ?? 0, After = TimeSpan.FromSeconds(after ?? 86_400), Weight = weight ?? 1 };
    }

    private static Dictionary<string, double> ReadOptions(SectionReader section)
    {
        var options = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var option in section.Members("policyOptions"))
        {
            if (option.OwnNumber() is { } value)
            {
                options[option.Key] = value;
            }
        }

        return options;
    }

    private static ContextParts ReadParts(SectionReader section)
    {
        var parts = ContextParts.None;
        foreach (var word in section.Words("context") ?? ["structural", "task", "embedding"])
        {
            if (Enum.TryParse<ContextParts>(word, ignoreCase: true, out var part) && part is ContextParts.Structural or ContextParts.Task or ContextParts.Embedding)
            {
                parts |= part;
            }
            else
            {
                section.Fail("context", $"has '{word}'; structural, task and embedding are legal.");
            }
        }

        return parts;
    }

    /// <summary>The policy core names its members in Pascal case; the file has them in camel case.</summary>
    private static string JsonField(string field) =>
        string.Join('.', field.Split('.').Select(part => char.ToLowerInvariant(part[0]) + part[1..]));
}
