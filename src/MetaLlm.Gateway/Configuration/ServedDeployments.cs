using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>What stands behind a model: one upstream, or its deployments.</summary>
internal static class ServedDeployments
{
    private const int Most = 16;

    /// <summary>Checks what the deployments of a model say together.</summary>
    public static void CheckDeployments(this IServedModel model, SettingsErrors errors)
    {
        if (model.Upstream is null && model.Deployments.Count == 0)
        {
            errors.Add("upstream", "is missing; it must be the name of an upstream, or deployments must name some.");
        }

        if (model.Deployments.Count > Most)
        {
            errors.Add("deployments", $"has {model.Deployments.Count} entries; {Most} are the most.");
        }

        for (var i = 0; i < model.Deployments.Count; i++)
        {
            var (deployment, place) = (model.Deployments[i], errors.At("deployments").At(i));
            deployment.Check(place);
            if (Upstream(model, deployment).Length == 0)
            {
                place.Add("upstream", "is missing, and the model has none; one of them must be the name of an upstream.");
            }
            else if (model.Deployments.Take(i).Any(before => Name(model, before) == Name(model, deployment)))
            {
                place.Add("name", $"is '{Name(model, deployment)}', as another deployment's of the model; each needs its own.");
            }
        }
    }

    /// <summary>Finds what stands behind a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="at">What stands behind it at one upstream.</param>
    /// <param name="upstreams">The upstreams, by name.</param>
    /// <param name="errors">The place of the model.</param>
    /// <returns>It, with the prices before the first dated ones; null where an upstream is not there.</returns>
    public static ArmTarget? FindTarget(
        this IServedModel model, Func<UpstreamSettings, SettingsErrors, ArmTarget> at, IReadOnlyDictionary<string, UpstreamSettings> upstreams, SettingsErrors errors)
    {
        if (model.Deployments.Count == 0)
        {
            return FindUpstream(model.Upstream ?? "", upstreams, errors) is { } upstream ? at(upstream, errors) : null;
        }

        var (deployments, hasOwnPrices) = (new List<ArmDeployment>(), false);
        for (var i = 0; i < model.Deployments.Count; i++)
        {
            var (deployment, place) = (model.Deployments[i], errors.At("deployments").At(i));
            if (FindUpstream(Upstream(model, deployment), upstreams, place) is { } upstream)
            {
                CheckAgainst(upstream, deployment, place);
                var shared = at(upstream, place);
                hasOwnPrices |= shared.HasOwnPrices;
                deployments.Add(new ArmDeployment(Name(model, deployment), deployment.Weight, Target(model, deployment, shared)));
            }
        }

        return deployments.Count == 0 ? null : deployments[0].Target with
        {
            Prices = model.Expected(DateTimeOffset.MinValue).Prices,
            HasOwnPrices = hasOwnPrices,
            Lane = null,
            Deployments = deployments.Count == 1 ? [] : deployments,
        };
    }

    /// <summary>The same with the prices of a moment.</summary>
    public static ArmTarget Priced(this IServedModel model, ArmTarget target, DateTimeOffset at)
    {
        var prices = model.PricesAt(at);
        return model.Deployments.Count switch
        {
            0 => WithPrices(target, prices),
            1 => model.Deployments[0].Prices is null ? WithPrices(target, prices) : target,
            _ => target with
            {
                Prices = model.Expected(at).Prices,
                Deployments = [.. target.Deployments.Select((deployment, i) => model.Deployments[i].Prices is null ? deployment with { Target = WithPrices(deployment.Target, prices) } : deployment)],
            },
        };
    }

    private static ArmTarget WithPrices(ArmTarget target, UsagePrices prices) => target with { Prices = prices.List, Options = target.Options with { Prices = prices } };

    private static string Upstream(IServedModel model, DeploymentSettings deployment) => deployment.Upstream ?? model.Upstream ?? "";

    private static string Name(IServedModel model, DeploymentSettings deployment) => deployment.Name ?? Upstream(model, deployment);

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

    /// <param name="model">The model.</param>
    /// <param name="deployment">The deployment.</param>
    /// <param name="shared">What stands behind the model at its upstream.</param>
    private static ArmTarget Target(IServedModel model, DeploymentSettings deployment, ArmTarget shared)
    {
        var (own, hasOwn) = (deployment.Prices, model.Deployments.Any(one => one.Prices is not null));
        var prices = own ?? model.PricesAt(DateTimeOffset.MinValue);
        var timeouts = shared.Endpoint.Timeouts;
        return shared with
        {
            Endpoint = shared.Endpoint with
            {
                ApiKey = deployment.Key ?? shared.Endpoint.ApiKey,
                Authentication = deployment.Key is not null && shared.Endpoint.Authentication == UpstreamAuthentication.Entra ? UpstreamAuthentication.Key : shared.Endpoint.Authentication,
                Timeouts = timeouts with
                {
                    FirstByte = deployment.FirstByteTimeout ?? timeouts.FirstByte, Plain = deployment.PlainTimeout ?? timeouts.Plain, Total = deployment.TotalTimeout ?? timeouts.Total,
                },
            },
            Model = deployment.Model ?? shared.Model,
            Prices = prices.List,
            PriceList = own is null ? shared.PriceList : [],
            Options = shared.Options with
            {
                Prices = prices,
                Headers = Merge(deployment.Additions.AllHeaders, shared.Options.Headers, StringComparer.OrdinalIgnoreCase),
                Query = Merge(deployment.Additions.WholeQuery, shared.Options.Query, StringComparer.Ordinal),
            },
            HasOwnPrices = shared.HasOwnPrices || hasOwn,
            Lane = (Name(model, deployment), deployment.Key),
        };
    }

    private static IReadOnlyList<KeyValuePair<string, string>> Merge(
        IReadOnlyList<KeyValuePair<string, string>> own, IReadOnlyList<KeyValuePair<string, string>> others, StringComparer comparer) =>
        [.. own, .. others.Where(other => !own.Any(one => comparer.Equals(one.Key, other.Key)))];
}
