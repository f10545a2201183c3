namespace MetaLlm.Chaos.Faults;

/// <summary>A fault to come.</summary>
/// <param name="Number">Its number in the campaign, from 1.</param>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Pick">Picks the host among those that may be hit, 0 to below 1.</param>
/// <param name="Together">Of the database's faults, whether it may come while hosts are hit; of others always true.</param>
/// <param name="Length">How long it lasts; of a kill, how long the host stays down.</param>
internal sealed record FaultOrder(int Number, FaultKind Kind, double Pick, bool Together, TimeSpan Length);
