namespace MetaLlm.Engine.Ports;

/// <summary>How long an upstream may take.</summary>
[GenerateSerializer, Immutable, Alias("metallm.upstream-timeouts")]
public sealed record UpstreamTimeouts
{
    /// <summary>To a connection. <value>5 s unless set; above 0.</value></summary>
    [Id(0)]
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>To the first event of a stream that carries content. Whatever arrives before it, such as a comment, starts the time anew. <value>60 s unless set; above 0.</value></summary>
    [Id(1)]
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Between two reads of a stream. <value>60 s unless set; above 0.</value></summary>
    [Id(2)]
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>To the end of the answer. <value>10 min unless set; above 0.</value></summary>
    [Id(3)]
    public TimeSpan Total { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// To the headers of a plain answer, which most servers send when the whole answer is there, and between two reads of its body.
    /// <value>5 min unless set; above 0.</value>
    /// </summary>
    [Id(4)]
    public TimeSpan Plain { get; init; } = TimeSpan.FromMinutes(5);
}
