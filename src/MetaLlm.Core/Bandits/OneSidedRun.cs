namespace MetaLlm.Core.Bandits;

/// <summary>Counts observations in a row that lie far off on the same side: one is chance, several are none.</summary>
internal static class OneSidedRun
{
    /// <summary>Length from which a run is no chance.</summary>
    public const int Convincing = 3;

    /// <summary>Goes on counting.</summary>
    /// <param name="run">The run so far: its length, below 0 for the lower side.</param>
    /// <param name="above">Whether the observation lies far above.</param>
    /// <param name="below">Whether it lies far below.</param>
    /// <returns>The run with it; 0 when it lies near.</returns>
    public static int Next(int run, bool above, bool below) => above ? Math.Max(0, run) + 1 : below ? Math.Min(0, run) - 1 : 0;
}
