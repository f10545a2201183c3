namespace MetaLlm.Core.Conversations;

/// <summary>How a tenant's conversations are followed from turn to turn.</summary>
public sealed record ConversationSettings
{
    /// <summary>Fewest conversations that may be remembered.</summary>
    public const int FewestRemembered = 16;

    /// <summary>Most conversations that may be remembered.</summary>
    public const int MostRemembered = 65_536;

    /// <summary>Shortest idle time.</summary>
    public static readonly TimeSpan ShortestIdleTime = TimeSpan.FromMinutes(1);

    /// <summary>Longest idle time.</summary>
    public static readonly TimeSpan LongestIdleTime = TimeSpan.FromDays(30);

    /// <summary>Conversations that are remembered, 16 to 65,536; the one that was used least lately is forgotten first. About 300 bytes each.</summary>
    public int Remembered { get; init; } = 4096;

    /// <summary>How long a conversation is remembered after its last turn, 1 minute to 30 days.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromDays(1);
}
