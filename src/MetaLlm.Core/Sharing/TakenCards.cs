using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Sharing;

/// <summary>Gives models of a configuration the cards that the pool has of them. They become part of the configuration that is recorded, so that a replay needs no pool.</summary>
public static class TakenCards
{
    /// <summary>Whether the pool has to be asked: whether a model has no card, and none that it took before.</summary>
    /// <param name="next">The configuration that is to be set.</param>
    /// <param name="current">The one in force; null for a new tenant.</param>
    /// <param name="hasDecided">Whether the tenant has decided anything.</param>
    public static bool NeedPool(TenantConfiguration next, TenantConfiguration? current, bool hasDecided)
    {
        ArgumentNullException.ThrowIfNull(next);
        return next.Sharing is { Take: true } sharing && next.Arms.Any(arm => MayTake(arm, sharing, current, hasDecided));
    }

    /// <summary>The configuration with cards: what a model took it keeps, and one of which nothing was learned takes what the pool says now. A card of the operator's stands.</summary>
    /// <param name="next">The configuration that is to be set.</param>
    /// <param name="current">The one in force; null for a new tenant.</param>
    /// <param name="hasDecided">Whether the tenant has decided anything: then models that it had before take nothing any more.</param>
    /// <param name="pooled">The pool's cards by what models are known by; empty where it was not asked.</param>
    public static TenantConfiguration Complete(TenantConfiguration next, TenantConfiguration? current, bool hasDecided, IReadOnlyDictionary<string, ModelCard> pooled)
    {
        ArgumentNullException.ThrowIfNull(next);
        ArgumentNullException.ThrowIfNull(pooled);
        return next.Sharing is { Take: true } sharing
            ? next with { Arms = [.. next.Arms.Select(arm => arm.Card is not null ? arm : arm with { Card = Kept(arm, current) ?? (MayTake(arm, sharing, current, hasDecided) ? pooled.GetValueOrDefault(sharing.Models[arm.Id]) : null) })] }
            : next;
    }

    private static bool MayTake(Arm arm, SharingSettings sharing, TenantConfiguration? current, bool hasDecided) =>
        arm.Card is null && sharing.Models.ContainsKey(arm.Id) && (Before(arm, current) is not { } before || (!hasDecided && before.Card?.Tenants is null));

    private static ModelCard? Kept(Arm arm, TenantConfiguration? current) => Before(arm, current)?.Card is { Tenants: not null } taken ? taken : null;

    private static Arm? Before(Arm arm, TenantConfiguration? current) =>
        current?.Arms.FirstOrDefault(one => one.Id == arm.Id) ?? current?.Arms.FirstOrDefault(one => arm.RenamedFrom is { } from && one.Id == from);
}
