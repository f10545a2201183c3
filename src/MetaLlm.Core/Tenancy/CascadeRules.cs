namespace MetaLlm.Core.Tenancy;

/// <summary>Checks the cascade of a configuration.</summary>
internal static class CascadeRules
{
    public static void Check(TenantConfiguration configuration, List<ConfigurationError> errors)
    {
        if (configuration.Cascade is not { } cascade)
        {
            return;
        }

        if (cascade.Models is { } models)
        {
            if (models.Count is 0 or > TenantConfigurationValidator.MaximumArms)
            {
                errors.Add(new("Cascade.Models", $"has {models.Count} entries; 1 to {TenantConfigurationValidator.MaximumArms} are legal, or none of it for every other arm."));
            }

            for (var i = 0; i < models.Count; i++)
            {
                if (configuration.Arms?.Any(arm => arm?.Id == models[i]) != true)
                {
                    errors.Add(new($"Cascade.Models[{i}]", $"is '{models[i]}', which is no arm of the configuration."));
                }
                else if (models.Take(i).Contains(models[i], StringComparer.Ordinal))
                {
                    errors.Add(new($"Cascade.Models[{i}]", $"is '{models[i]}', which stands there already; each arm is named once."));
                }
            }
        }

        foreach (var (isGiven, why) in ((bool, string)[])
            [
                (configuration.Guarantee is not null, "a guarantee, which promises the answers of one call"),
                (configuration.Canary is not null, "a canary, whose calls are compared with the others' single ones"),
                (configuration.Shards is not null, "shards, whose owners would each learn from a part of the answers"),
            ])
        {
            if (isGiven)
            {
                errors.Add(new("Cascade", $"is given together with {why}; one of the two must go."));
            }
        }
    }
}
