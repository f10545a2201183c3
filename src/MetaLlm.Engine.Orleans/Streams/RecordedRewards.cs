using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Orleans.Streams;

/// <summary>An item of the reward stream: feedback that the journal holds, for the owner to fold in without reading it.</summary>
/// <param name="Events">Events in no particular order; there may be gaps, and events may be missing.</param>
/// <param name="UpTo">Sequence up to which the journal has events.</param>
[GenerateSerializer, Immutable, Alias("metallm.2.recorded-rewards")]
internal sealed record RecordedRewards(
    [property: Id(0)] RewardedEvent[] Events,
    [property: Id(1)] long UpTo);
