using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>An arm of a tenant: a model as it is, or one of its variants.</summary>
/// <param name="Model">The model.</param>
/// <param name="Variant">The variant; null for the model as it is.</param>
/// <param name="Index">The model's place in the list.</param>
/// <param name="VariantIndex">The variant's place in the model's list.</param>
internal sealed record ArmVariant(ArmSettings Model, VariantSettings? Variant, int Index, int VariantIndex = 0)
{
    /// <summary>Its name towards clients.</summary>
    public string Id => Variant is null ? Model.Id : Named(Model.Id, Variant.Id);

    /// <summary>All arms: the models first, so that variants which come or go leave them where they were.</summary>
    public static IReadOnlyList<ArmVariant> All(IReadOnlyList<ArmSettings> models) =>
    [
        .. models.Select((model, i) => new ArmVariant(model, null, i)),
        .. models.SelectMany((model, i) => model.Variants.Select((variant, v) => new ArmVariant(model, variant, i, v))),
    ];

    /// <summary>Its place.</summary>
    /// <param name="models">That of the list of models.</param>
    public SettingsErrors Place(SettingsErrors models) => Variant is null ? models.At(Index) : models.At(Index).At("variants").At(VariantIndex);

    /// <summary>What a policy knows of it.</summary>
    /// <param name="arm">What it knows of the model.</param>
    /// <param name="retrievers">The retrievers, by name.</param>
    public Arm Of(Arm arm, IReadOnlyDictionary<string, RetrieverSettings> retrievers) => Variant is null
        ? arm
        : arm with
        {
            // What is wrong with an id was said; its place stands in, which no other has.
            Id = Id.Length > TenantConfigurationValidator.MaximumIdLength || Variant.Id.Length == 0 ? $"[{Index}:{VariantIndex}]" : Id,
            RenamedFrom = Renamed,
            Enabled = Variant.Enabled,
            PriorOutputTokens = Variant.PriorOutputTokens ?? arm.PriorOutputTokens,
            PriorLatencySeconds = Variant.PriorLatencySeconds ?? arm.PriorLatencySeconds,
            Card = Variant.Card.ToCard() ?? arm.Card,
            Overhead = Variant.Overhead(retrievers),
        };

    /// <summary>What stands behind it.</summary>
    /// <param name="model">What stands behind the model.</param>
    /// <param name="retrievers">The retrievers, by name.</param>
    public ArmTarget Of(ArmTarget model, IReadOnlyDictionary<string, RetrieverSettings> retrievers)
    {
        if (Variant is null)
        {
            return model;
        }

        var retrieval = Variant.Retriever is { } name && retrievers.TryGetValue(name, out var retriever) ? retriever.ToRetrieval(name) : null;
        ArmTarget Set(ArmTarget target) => target with
        {
            Options = target.Options with { Defaults = Defaults(target.Options), SystemPrompt = Variant.Instructions },
            Overhead = Variant.Overhead(retrievers),
            Retrieval = retrieval,
        };
        return Set(model) with { Deployments = [.. model.Deployments.Select(deployment => deployment with { Target = Set(deployment.Target) })] };
    }

    /// <param name="models">The place of the list of models.</param>
    /// <param name="retrievers">The retrievers, by name.</param>
    public void Check(SettingsErrors models, IReadOnlyDictionary<string, RetrieverSettings> retrievers)
    {
        if (Variant is null)
        {
            return;
        }

        var place = Place(models);
        Variant.Check(retrievers, place);
        if (Id.Length > TenantConfigurationValidator.MaximumIdLength)
        {
            place.Add("id", $"makes '{Id}', of {Id.Length} characters; {TenantConfigurationValidator.MaximumIdLength} are the most.");
        }
    }

    private string? Renamed => (Model.RenamedFrom, Variant!.RenamedFrom) switch
    {
        (null, null) => null,
        (var model, var variant) => Named(model ?? Model.Id, variant ?? Variant.Id),
    };

    /// <summary>Its own members by the model's names, then those that the model sets anyway.</summary>
    private List<KeyValuePair<string, string>> Defaults(CallOptions options)
    {
        var own = Variant!.Members.Select(member => KeyValuePair.Create(options.RenameParameters.FirstOrDefault(rename => rename.Key == member.Key).Value ?? member.Key, member.Value)).ToList();
        return [.. own, .. options.Defaults.Where(other => own.TrueForAll(one => one.Key != other.Key))];
    }

    private static string Named(string model, string variant) => $"{model}:{variant}";
}
