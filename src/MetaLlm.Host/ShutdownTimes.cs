namespace MetaLlm.Host;

/// <summary>How long a host takes to stop at most. Whoever stops it must wait longer before killing it.</summary>
public static class ShutdownTimes
{
    /// <summary>For running calls to end, and for what was learned to be saved.</summary>
    public static TimeSpan Calls { get; } = TimeSpan.FromSeconds(30);

    /// <summary>From the signal to the end of the process.</summary>
    public static TimeSpan Process { get; } = Calls + TimeSpan.FromSeconds(10);
}
