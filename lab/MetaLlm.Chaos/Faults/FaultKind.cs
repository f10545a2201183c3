namespace MetaLlm.Chaos.Faults;

/// <summary>What goes wrong.</summary>
internal enum FaultKind
{
    /// <summary>A host is killed without warning, and started again at once or a little later.</summary>
    Kill,

    /// <summary>A host does not run for a while, and goes on as if nothing had been.</summary>
    Freeze,

    /// <summary>No packet passes between a host and the database.</summary>
    CutDatabase,

    /// <summary>No packet passes between a host and the other hosts.</summary>
    CutPeers,

    /// <summary>Neither passes.</summary>
    CutBoth,

    /// <summary>The database is stopped in order and started again.</summary>
    DatabaseRestart,

    /// <summary>The database crashes and is started again.</summary>
    DatabaseCrash,

    /// <summary>The database's disk is full.</summary>
    DiskFull,

    /// <summary>A host's clock is a day ahead.</summary>
    Clock,
}
