using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>A tenant's embedding models, by vector space.</summary>
/// <param name="models">The models in the order of the configuration.</param>
internal sealed class EmbeddingModels(IReadOnlyList<EmbeddingModelSettings> models)
{
    public const int Most = 64;

    /// <summary>The models, disabled ones included.</summary>
    public IReadOnlyList<EmbeddingModelSettings> All { get; } = models;

    /// <summary>The spaces, in the order of their first models.</summary>
    public IEnumerable<IGrouping<string, EmbeddingModelSettings>> Spaces => All.GroupBy(model => model.SpaceName, StringComparer.Ordinal);

    /// <summary>Whether a name is that of a space or of a model.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>The models that a name stands for: those of a space, or the one of that id. <c>auto</c> is the space of the first model.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The models of one space, and which of them the name pins; null where it is no name of an embedding model.</returns>
    public (IReadOnlyList<EmbeddingModelSettings> Models, string? Pinned)? Find(string name)
    {
        var space = ModelNames.IsAuto(name) && All is [var first, ..] ? first.SpaceName : name;
        List<EmbeddingModelSettings> inSpace = [.. All.Where(model => model.SpaceName == space)];
        return inSpace.Count > 0 ? (inSpace, null)
            : All.FirstOrDefault(model => model.Id == name) is { } one ? ([one], one.Id)
            : null;
    }

    /// <summary>What stands behind each, with the prices before the first dated ones; without those whose upstream is not there.</summary>
    /// <param name="upstreams">The upstreams, by name.</param>
    /// <param name="errors">Receives what keeps them from serving.</param>
    public Dictionary<string, ArmTarget> ReadTargets(IReadOnlyDictionary<string, UpstreamSettings> upstreams, SettingsErrors errors)
    {
        var targets = new Dictionary<string, ArmTarget>(StringComparer.Ordinal);
        for (var i = 0; i < All.Count; i++)
        {
            if (All[i].FindTarget(All[i].At, upstreams, errors.At(i)) is { } target)
            {
                targets.TryAdd(All[i].Id, target);
            }
        }

        return targets;
    }

    /// <param name="taken">Names that other models have.</param>
    /// <param name="errors">Receives every contradiction.</param>
    public void Check(IReadOnlyCollection<string> taken, SettingsErrors errors)
    {
        if (All.Count > Most)
        {
            errors.Add(null, $"has {All.Count} entries; {Most} are the most.");
        }

        for (var i = 0; i < All.Count; i++)
        {
            var (model, place) = (All[i], errors.At(i));
            model.Check(place);
            if (IsTaken(model.Id, taken) || All.Take(i).Any(other => other.Id == model.Id))
            {
                place.Add("id", $"is '{model.Id}', which names something else already; every model needs a name of its own.");
            }

            if (IsTaken(model.SpaceName, taken) || All.Any(other => other.Id == model.SpaceName && other.SpaceName != model.SpaceName))
            {
                place.Add("space", $"is '{model.SpaceName}', which names something else already; a space may be called after a model that is in it, or have a name of its own.");
            }

            if (All.Take(i).FirstOrDefault(other => other.SpaceName == model.SpaceName && other.Dimensions != model.Dimensions) is { } different)
            {
                place.Add("dimensions", $"is {Word(model)}; it must be that of '{different.Id}', {Word(different)}, since both are of space '{model.SpaceName}'.");
            }
        }
    }

    private static bool IsTaken(string name, IReadOnlyCollection<string> taken) => ModelNames.IsAuto(name) || taken.Contains(name);

    private static string Word(EmbeddingModelSettings model) => model.Dimensions is { } dimensions ? FormattableString.Invariant($"{dimensions}") : "not given";
}
