namespace MetaLlm.Gateway.Configuration;

/// <summary>How large requests may be.</summary>
public sealed record GatewayLimits
{
    /// <summary>Largest request body, bytes. <value>8 MiB unless set; 1 KiB to 256 MiB.</value></summary>
    public int BodyBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Most items of one feedback post. <value>1,000 unless set; 1 to 100,000.</value></summary>
    public int FeedbackItems { get; init; } = 1000;

    /// <summary>Largest body of a warm start, bytes. <value>64 MiB unless set; 1 KiB to 1 GiB.</value></summary>
    public int WarmStartBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Most lines of a warm start. <value>10,000 unless set; 8 to 50,000.</value></summary>
    public int WarmStartRows { get; init; } = 10_000;
}
