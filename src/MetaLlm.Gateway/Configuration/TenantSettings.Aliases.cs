using MetaLlm.Engine.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <content>Other names of its models.</content>
public sealed partial class TenantSettings
{
    private const int MostAliases = 256;

    private void CheckAliases(SettingsErrors errors)
    {
        if (Aliases.Count > MostAliases)
        {
            errors.Add("aliases", $"has {Aliases.Count} members; {MostAliases} are the most.");
        }

        foreach (var (alias, model) in Aliases)
        {
            if (ModelNames.IsAuto(alias) || _arms.Any(arm => arm.Id == alias))
            {
                errors.At("aliases").Add(alias, "is the name of something already; an alias needs a name that nothing has.");
            }
            else if (!ModelNames.IsAuto(model) && _arms.All(arm => arm.Id != model) && !EmbeddingModels.Has(model))
            {
                errors.At("aliases").Add(alias, $"is '{model}'; it must be auto, the id of one of the tenant's models, or the name of a vector space.");
            }
        }
    }
}
