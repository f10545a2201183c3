using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Sharing;

namespace MetaLlm.Gateway.Configuration;

/// <summary>
/// What a tenant has agreed to with others of the cluster that have agreed: sums of its rewards by model and topic go into a pool, with noise that hides single requests, and its models start
/// from what the pool says. No text, vector or id ever does. See <c>docs/shared-learning.md</c>.
/// </summary>
public sealed class ShareLearningSettings
{
    /// <summary>Whether its sums go into the pool. Where that ends, all that it gave is taken out.</summary>
    public bool Give { get; init; }

    /// <summary>Whether models without a <c>card</c> start with what the pool says of them. Where that ends, they go on without.</summary>
    public bool Take { get; init; }

    /// <summary>How far one request can show in what is given: nobody can tell it from its absence by odds above e to this power. Less is more private, and noisier.</summary>
    [Range(SharingSettings.LeastEpsilon, SharingSettings.LargestEpsilon)]
    public double Epsilon { get; init; } = 1;

    /// <summary>What a policy's owner is told; null where nothing is shared.</summary>
    /// <param name="arms">The tenant's arms.</param>
    internal SharingSettings? ToSettings(IReadOnlyList<ArmVariant> arms) => !Give && !Take
        ? null
        : new SharingSettings
        {
            Give = Give,
            Take = Take,
            Epsilon = Epsilon,
            Models = arms.Select(arm => (arm.Id, Name: NameOf(arm))).Where(arm => arm.Name is not null).DistinctBy(arm => arm.Id, StringComparer.Ordinal)
                .ToDictionary(arm => arm.Id, arm => arm.Name!, StringComparer.Ordinal),
        };

    /// <summary>
    /// What a model is known by among tenants: its upstream's name, and the upstream's name of it. A variant adds its effort and temperature. Whatever else changes its answers
    /// is a tenant's own affair, and such a model is not shared.
    /// </summary>
    private static string? NameOf(ArmVariant arm)
    {
        var (model, variant) = (arm.Model, arm.Variant);
        var upstream = model.Upstream ?? (model.Deployments.Count > 0 ? model.Deployments[0].Upstream : null);
        if (upstream is null || model.Request.Defaults.Count > 0 || (variant is not null && (variant.Parameters.Count > 0 || variant.SystemPrompt is not null || variant.Retriever is not null)))
        {
            return null;
        }

        var name = $"{upstream}/{model.Model ?? model.Id}";
        return variant is null ? name : $"{name}:{string.Join(',', variant.Members.Select(member => $"{member.Key}={member.Value.Trim('"')}"))}";
    }
}
