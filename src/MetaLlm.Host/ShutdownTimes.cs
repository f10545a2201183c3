namespace MetaLlm.Host;

/// <summary>How long a host takes to stop at most. Whoever stops it must wait longer before killing it.</summary>
public static class ShutdownTimes
{
    /// <summary>For running calls to end, where the configuration does not say otherwise: the longest answer of an upstream by default.</summary>
    public static TimeSpan Drain { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Most that the configuration may give running calls.</summary>
    public static TimeSpan LongestDrain { get; } = TimeSpan.FromHours(1);

    /// <summary>For calls that have outlived the drain to tell their clients so.</summary>
    public static TimeSpan LastWords { get; } = TimeSpan.FromSeconds(5);

    /// <summary>For what calls cost to be recorded, for what was learned to be saved, and for tenants to go elsewhere. No call takes any of it.</summary>
    public static TimeSpan Stop { get; } = TimeSpan.FromSeconds(20);

    /// <summary>From the signal to the end of the process, where the configuration does not say otherwise.</summary>
    public static TimeSpan Process { get; } = ProcessOf(Drain);

    /// <summary>From the signal to the end of the process.</summary>
    /// <param name="drain">For running calls to end.</param>
    public static TimeSpan ProcessOf(TimeSpan drain) => drain + LastWords + Stop + TimeSpan.FromSeconds(5);
}
