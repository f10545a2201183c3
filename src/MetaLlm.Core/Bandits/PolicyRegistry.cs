using System.Collections.Frozen;
using MetaLlm.Core.Bandits.Clusters;
using MetaLlm.Core.Bandits.Flagship;
using MetaLlm.Core.Bandits.Linear;
using MetaLlm.Core.Bandits.LlmBandit;
using MetaLlm.Core.Bandits.Means;
using MetaLlm.Core.Bandits.MixLlm;
using MetaLlm.Core.Bandits.Neighbours;
using MetaLlm.Core.Bandits.NeuralUcb;
using MetaLlm.Core.Bandits.ParetoBandit;
using MetaLlm.Core.Bandits.PickLlm;
using MetaLlm.Core.Bandits.Pilot;
using MetaLlm.Core.Bandits.Thompson;
using MetaLlm.Core.Bandits.TrackAndStop;
using MetaLlm.Core.Bandits.Uniform;

namespace MetaLlm.Core.Bandits;

/// <summary>The policies that a configuration may name. Fixed at start; the validator reads the same list.</summary>
public static class PolicyRegistry
{
    private static readonly PolicyDescriptor[] Descriptors =
    [
        MetaLlmPolicy.Descriptor,
        MetaLlmPolicy.ColdDescriptor,
        LinUcbPolicy.Descriptor,
        EpsilonGreedyPolicy.Descriptor,
        PublishedMetaLlmPolicy.Descriptor,
        MixLlmPolicy.Descriptor,
        LlmBanditPolicy.Descriptor,
        PilotPolicy.Descriptor,
        LinTsPolicy.Descriptor,
        SquareCbPolicy.Descriptor,
        ParetoBanditPolicy.Descriptor,
        NeuralUcbPolicy.Descriptor,
        KnnPolicy.Descriptor,
        KMeansPolicy.Descriptor,
        BetaThompsonPolicy.Descriptor,
        TrackAndStopPolicy.Descriptor,
        PickLlmLriPolicy.Descriptor,
        PickLlmQPolicy.Descriptor,
        StaticMixPolicy.Descriptor,
        BestSinglePolicy.Descriptor,
        CheapestPolicy.Descriptor,
        RandomPolicy.Descriptor,
    ];

    private static readonly FrozenDictionary<string, PolicyDescriptor> ByName =
        Descriptors.ToFrozenDictionary(d => d.Name, StringComparer.Ordinal);

    /// <summary>Every policy, the flagship first.</summary>
    public static IReadOnlyList<PolicyDescriptor> All => Descriptors;

    /// <summary>Finds a policy.</summary>
    /// <param name="name">Name, compared ordinally.</param>
    /// <returns>The policy, or null.</returns>
    public static PolicyDescriptor? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Creates a policy without arms.</summary>
    /// <param name="name">Name of the policy.</param>
    /// <param name="blocks">Layout of the context.</param>
    /// <param name="priceWeight">Fixed quality per USD, at least 0.</param>
    /// <param name="options">Options by name; what is missing has its default.</param>
    /// <returns>A new instance.</returns>
    /// <exception cref="ArgumentException">The policy or an option is unknown.</exception>
    public static IBanditPolicy Create(
        string name, ContextBlocks blocks, double priceWeight, IReadOnlyDictionary<string, double> options)
    {
        var descriptor = Find(name)
            ?? throw new ArgumentException($"Policy '{name}' is unknown; known are {string.Join(", ", Descriptors.Select(d => d.Name))}.", nameof(name));
        var values = descriptor.Options.ToDictionary(o => o.Name, o => o.Default, StringComparer.Ordinal);
        foreach (var (option, value) in options)
        {
            if (!values.ContainsKey(option))
            {
                throw new ArgumentException($"Policy '{name}' has no option '{option}'.", nameof(options));
            }

            values[option] = value;
        }

        return descriptor.Create(new PolicySetup(blocks.Dimension, blocks, priceWeight, values));
    }
}
