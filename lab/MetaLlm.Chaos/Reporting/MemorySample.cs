namespace MetaLlm.Chaos.Reporting;

/// <summary>What hosts' processes take of memory at one moment.</summary>
/// <param name="Seconds">When, since the campaign began.</param>
/// <param name="Megabytes">Of each host; 0 while it is down.</param>
internal sealed record MemorySample(double Seconds, IReadOnlyList<double> Megabytes);
