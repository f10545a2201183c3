namespace MetaLlm.Core.Tenancy;

/// <summary>Checks the guarantee of a configuration.</summary>
internal static class GuaranteeRules
{
    public static void Check(TenantConfiguration configuration, List<ConfigurationError> errors)
    {
        if (configuration.Guarantee is not { } guarantee)
        {
            return;
        }

        errors.AddRange(guarantee.Problems().Select(problem => new ConfigurationError($"Guarantee.{problem.Member}", problem.Message)));
        var reference = configuration.Arms?.FirstOrDefault(arm => arm?.Id == guarantee.Reference);
        if (reference is not { Enabled: true })
        {
            errors.Add(new("Guarantee.Reference", $"is '{guarantee.Reference}', which is {(reference is null ? "no arm of the configuration" : "an arm that is not enabled")}."));
        }

        foreach (var (isGiven, name) in ((bool, string)[])[(configuration.Canary is not null, nameof(configuration.Canary)), (configuration.ExplorationFloor is not null, nameof(configuration.ExplorationFloor)), (configuration.QualityFloor is not null, nameof(configuration.QualityFloor))])
        {
            if (isGiven)
            {
                errors.Add(new(name, "is given together with a guarantee, which says alone who serves; one of the two must go."));
            }
        }

        if (configuration.Shards is not null)
        {
            errors.Add(new("Guarantee", "is given; owners of a tenant with shards cannot prove one together."));
        }
    }
}
