using System.Diagnostics.Metrics;

namespace MetaLlm.Gateway.Guarantees;

/// <summary>What becomes of comparisons under guarantees, in numbers.</summary>
internal sealed class GuaranteeMetrics
{
    public const string Same = "same";
    public const string Differs = "differs";
    public const string NoRoom = "no_room";
    public const string Failed = "failed";
    public const string Dropped = "dropped";

    private readonly Counter<long> _comparisons;

    public GuaranteeMetrics(IMeterFactory factory) => _comparisons = factory.Create(Engine.Routing.RoutingMetrics.MeterName).CreateCounter<long>(
        "metallm.guarantee.comparisons", "{comparison}", "Answers that were to be compared under a guarantee, by what became of them: same, differs, no_room in the purse, failed, or dropped for want of room.");

    public void Compared(string tenant, string outcome) => _comparisons.Add(1, new KeyValuePair<string, object?>("tenant", tenant), new("outcome", outcome));
}
