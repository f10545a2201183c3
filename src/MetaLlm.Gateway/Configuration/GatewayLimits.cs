namespace MetaLlm.Gateway.Configuration;

/// <summary>How large requests may be.</summary>
public sealed record GatewayLimits
{
    /// <summary>Largest request body, bytes. <value>8 MiB unless set; 1 KiB to 256 MiB.</value></summary>
    public int BodyBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Most items of one feedback post. <value>1,000 unless set; 1 to 100,000.</value></summary>
    public int FeedbackItems { get; init; } = 1000;
}
