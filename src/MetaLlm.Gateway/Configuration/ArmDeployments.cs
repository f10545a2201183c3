using MetaLlm.Core.Arms;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>What stands behind an arm: one upstream, or its deployments.</summary>
internal static class ArmDeployments
{
    private const int Most = 16;

    /// <summary>Checks what the deployments of an arm say together.</summary>
    public static void Check(ArmSettings arm, SettingsErrors errors)
    {
        if (arm.Deployments.Count > Most)
        {
            errors.Add("deployments", $"has {arm.Deployments.Count} entries; {Most} are the most.");
        }

        for (var i = 0; i < arm.Deployments.Count; i++)
        {
            var (deployment, place) = (arm.Deployments[i], errors.At("deployments").At(i));
            deployment.Check(place);
            if (Upstream(arm, deployment).Length == 0)
            {
                place.Add("upstream", "is missing, and the arm has none; one of them must be the name of an upstream.");
            }
            else if (arm.Deployments.Take(i).Any(before => Name(arm, before) == Name(arm, deployment)))
            {
                place.Add("name", $"is '{Name(arm, deployment)}', as another deployment's of the arm; each needs its own.");
            }
        }
    }

    /// <summary>Finds what stands behind an arm.</summary>
    /// <param name="settings">The arm.</param>
    /// <param name="arm">What a policy knows of it.</param>
    /// <param name="upstreams">The upstreams, by name.</param>
    /// <param name="errors">The place of the arm.</param>
    /// <returns>Null where an upstream is not there.</returns>
    public static ArmTarget? Find(ArmSettings settings, Arm arm, IReadOnlyDictionary<string, UpstreamSettings> upstreams, SettingsErrors errors)
    {
        if (settings.Deployments.Count == 0)
        {
            return FindUpstream(settings.Upstream ?? "", upstreams, errors) is { } upstream ? Target(settings, arm, upstream) : null;
        }

        var deployments = new List<ArmDeployment>();
        for (var i = 0; i < settings.Deployments.Count; i++)
        {
            var (deployment, place) = (settings.Deployments[i], errors.At("deployments").At(i));
            if (FindUpstream(Upstream(settings, deployment), upstreams, place) is { } upstream)
            {
                CheckAgainst(upstream, deployment, place);
                deployments.Add(new ArmDeployment(Name(settings, deployment), deployment.Weight, Target(settings, deployment, Target(settings, arm, upstream))));
            }
        }

        return deployments.Count == 0 ? null : deployments[0].Target with { Prices = arm.Prices, HasOwnPrices = false, Lane = null, Deployments = deployments.Count == 1 ? [] : deployments };
    }

    /// <summary>The same with the prices of a moment.</summary>
    public static ArmTarget Priced(ArmTarget target, ArmSettings settings, DateTimeOffset at)
    {
        var prices = settings.PricesAt(at);
        return settings.Deployments.Count switch
        {
            0 => WithPrices(target, prices),
            1 => settings.Deployments[0].Prices is null ? WithPrices(target, prices) : target,
            _ => target with
            {
                Prices = settings.Expected(at).Prices,
                Deployments = [.. target.Deployments.Select((deployment, i) => settings.Deployments[i].Prices is null ? deployment with { Target = WithPrices(deployment.Target, prices) } : deployment)],
            },
        };
    }

    private static ArmTarget WithPrices(ArmTarget target, UsagePrices prices) => target with { Prices = prices.List, Options = target.Options with { Prices = prices } };

    private static string Upstream(ArmSettings arm, DeploymentSettings deployment) => deployment.Upstream ?? arm.Upstream ?? "";

    private static string Name(ArmSettings arm, DeploymentSettings deployment) => deployment.Name ?? Upstream(arm, deployment);

    private static UpstreamSettings? FindUpstream(string name, IReadOnlyDictionary<string, UpstreamSettings> upstreams, SettingsErrors errors)
    {
        if (upstreams.TryGetValue(name, out var upstream) || name.Length == 0)
        {
            return upstream;
        }

        errors.Add("upstream", $"is '{name}'; upstreams are {string.Join(", ", upstreams.Keys)}.");
        return null;
    }

    private static void CheckAgainst(UpstreamSettings upstream, DeploymentSettings deployment, SettingsErrors errors)
    {
        if (deployment.TotalTimeout > upstream.TotalTimeout)
        {
            errors.Add("totalTimeoutSeconds", $"is {deployment.TotalTimeout.Value.TotalSeconds}; it must be at most that of the upstream, {upstream.TotalTimeout.TotalSeconds}.");
        }

        if (upstream.Kind is UpstreamKind.Simulator or UpstreamKind.ChatClient && deployment.Key is not null)
        {
            errors.Add(deployment.ApiKeyFile is null ? "apiKeyEnvironment" : "apiKeyFile", "belongs to upstreams that are called over the network; this one is not.");
        }
    }

    private static ArmTarget Target(ArmSettings settings, Arm arm, UpstreamSettings upstream) => new(upstream.Endpoint, settings.Model ?? settings.Id, arm.Prices)
    {
        Options = upstream.Preset.Complete(settings.Request.ToOptions(arm, settings.PricesAt(DateTimeOffset.MinValue)))
            with { Headers = settings.Additions.AllHeaders, Query = settings.Additions.WholeQuery },
        PriceList = settings.PriceList,
    };

    private static ArmTarget Target(ArmSettings settings, DeploymentSettings deployment, ArmTarget arm)
    {
        var (own, hasOwn) = (deployment.Prices, settings.Deployments.Any(one => one.Prices is not null));
        var prices = own ?? settings.PricesAt(DateTimeOffset.MinValue);
        var timeouts = arm.Endpoint.Timeouts;
        return arm with
        {
            Endpoint = arm.Endpoint with
            {
                ApiKey = deployment.Key ?? arm.Endpoint.ApiKey,
                Authentication = deployment.Key is not null && arm.Endpoint.Authentication == UpstreamAuthentication.Entra ? UpstreamAuthentication.Key : arm.Endpoint.Authentication,
                Timeouts = timeouts with
                {
                    FirstByte = deployment.FirstByteTimeout ?? timeouts.FirstByte, Plain = deployment.PlainTimeout ?? timeouts.Plain, Total = deployment.TotalTimeout ?? timeouts.Total,
                },
            },
            Model = deployment.Model ?? arm.Model,
            Prices = prices.List,
            PriceList = own is null ? arm.PriceList : [],
            Options = arm.Options with
            {
                Prices = prices,
                Headers = Merge(deployment.Additions.AllHeaders, arm.Options.Headers, StringComparer.OrdinalIgnoreCase),
                Query = Merge(deployment.Additions.WholeQuery, arm.Options.Query, StringComparer.Ordinal),
            },
            HasOwnPrices = hasOwn,
            Lane = (Name(settings, deployment), deployment.Key),
        };
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Merge(
        IReadOnlyList<KeyValuePair<string, string>> own, IReadOnlyList<KeyValuePair<string, string>> others, StringComparer comparer) =>
        [.. own, .. others.Where(other => !own.Any(one => comparer.Equals(one.Key, other.Key)))];
}
