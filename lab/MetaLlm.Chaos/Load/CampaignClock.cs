using System.Diagnostics;

namespace MetaLlm.Chaos.Load;

/// <summary>Time since the campaign began, which no clock fault touches.</summary>
internal sealed class CampaignClock
{
    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>Now.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_began);
}
