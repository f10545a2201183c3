using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Tenants;

/// <summary>Questions to events of any kind.</summary>
internal static class TenantEventExtensions
{
    /// <summary>Ordinal of the decision that the event is about; 0 when it is about none.</summary>
    public static long DecisionOrdinal(this TenantEvent recorded) => recorded switch
    {
        SettledEvent settled => settled.Decision.Ordinal,
        RewardedEvent rewarded => rewarded.Decision.Ordinal,
        ReroutedEvent rerouted => rerouted.Decision.Ordinal,
        ComparedEvent compared => compared.Ordinal,
        _ => 0,
    };
}
