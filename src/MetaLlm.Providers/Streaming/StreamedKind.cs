namespace MetaLlm.Providers.Streaming;

/// <summary>What one event of a stream is to the answer.</summary>
internal enum StreamedKind
{
    /// <summary>A comment, or something else without data: it says that the upstream is alive.</summary>
    Heartbeat,

    /// <summary>Data without content, such as the chunk that names the role. It goes to the client once content is there.</summary>
    Quiet,

    /// <summary>Content, or an end that explains why there is none.</summary>
    Content,

    /// <summary>The closing mark.</summary>
    End,
}
