using System.Text.Json.Serialization;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Routing;

/// <summary>A settlement that waits in a file; one line of JSON.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Arm">The arm that served.</param>
/// <param name="Settlement">How the call ended.</param>
internal sealed record SpilledSettlement(string Tenant, string Arm, Settlement Settlement)
{
    /// <summary>Gives it what an earlier release did not write: that member is null then, whatever its type says.</summary>
    public static SpilledSettlement Complete(SpilledSettlement read) =>
        read.Settlement.FailedAttempts is null ? read with { Settlement = read.Settlement with { FailedAttempts = [] } } : read;
}

/// <summary>How <see cref="SpilledSettlement"/> is written.</summary>
[JsonSourceGenerationOptions(RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SpilledSettlement))]
internal sealed partial class SpilledSettlementJson : JsonSerializerContext;
