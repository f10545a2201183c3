namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>What a network does to the connections through it.</summary>
internal enum NetworkFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Every piece of an answer comes late.</summary>
    Latency,

    /// <summary>Connections end in the middle of an answer.</summary>
    Cut,

    /// <summary>Connections are reset as soon as something is sent.</summary>
    Reset,

    /// <summary>Connections are taken, and nothing ever comes back.</summary>
    Hang,
}
