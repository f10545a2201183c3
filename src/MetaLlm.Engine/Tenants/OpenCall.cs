using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Tenants;

/// <summary>A call that was decided here and has not been settled.</summary>
/// <param name="ServedArm">The arm that serves it.</param>
/// <param name="ReservedUsd">Its predicted cost, USD.</param>
/// <param name="BoundUsd">USD that caps set aside for it; never less than <paramref name="ReservedUsd"/>, whatever it says.</param>
internal readonly record struct OpenCall(string ServedArm, double ReservedUsd, double BoundUsd)
{
    /// <summary>The decision, where its answer may be weighed; else null.</summary>
    public DecisionRecord? Decision { get; init; }
}
