namespace MetaLlm.Chaos.Faults;

/// <summary>What is known of kinds of faults.</summary>
internal static class FaultKinds
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<FaultKind> All { get; } = Enum.GetValues<FaultKind>();

    /// <summary>Whether the database is hit, and with it every tenant, rather than one host.</summary>
    public static bool HitsDatabase(this FaultKind kind) => kind is FaultKind.DatabaseRestart or FaultKind.DatabaseCrash or FaultKind.DiskFull;

    /// <summary>Whether other hosts hear nothing of the host that is hit, so that they have to find out.</summary>
    public static bool Silences(this FaultKind kind) => kind is FaultKind.Kill or FaultKind.Freeze or FaultKind.CutPeers or FaultKind.CutBoth;

    /// <summary>Whether the process of the host lives on, though the others may have given it up: it answers for a moment before it learns that.</summary>
    public static bool Outlives(this FaultKind kind) => kind is FaultKind.Freeze or FaultKind.CutPeers or FaultKind.CutBoth or FaultKind.Clock;

    /// <summary>Whether packets are held up.</summary>
    public static bool CutsNetwork(this FaultKind kind) => kind is FaultKind.CutDatabase or FaultKind.CutPeers or FaultKind.CutBoth;

    /// <summary>Its name on the command line and in reports: words joined by hyphens.</summary>
    public static string Name(this FaultKind kind) => kind switch
    {
        FaultKind.Kill => "kill",
        FaultKind.Freeze => "freeze",
        FaultKind.CutDatabase => "cut-database",
        FaultKind.CutPeers => "cut-peers",
        FaultKind.CutBoth => "cut-both",
        FaultKind.DatabaseRestart => "database-restart",
        FaultKind.DatabaseCrash => "database-crash",
        FaultKind.DiskFull => "disk-full",
        FaultKind.Clock => "clock",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such fault."),
    };
}
