namespace MetaLlm.Chaos.Judging;

/// <summary>Ways in which a promise is broken.</summary>
internal enum FindingKind
{
    /// <summary>Something acknowledged is not there.</summary>
    Lost,

    /// <summary>Something counts more than once.</summary>
    Doubled,

    /// <summary>A decision's id was handed out twice.</summary>
    Reused,

    /// <summary>Hosts, or a state that was rebuilt, say something else.</summary>
    Disagreement,

    /// <summary>An answer that no fault excuses.</summary>
    Unexpected,

    /// <summary>A host was not ready again in time, or clients were not answered.</summary>
    Stuck,
}
