using MetaLlm.Core.Arms;

namespace MetaLlm.Engine.Ports;

/// <summary>An arm could not serve a call. The message holds neither prompt content nor keys.</summary>
/// <param name="failure">What kind of failure.</param>
/// <param name="message">What happened, for logs and clients.</param>
/// <param name="inner">The cause, or null.</param>
[GenerateSerializer, Immutable, Alias("metallm.chat-provider-error")]
public sealed class ChatProviderException(ChatFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of failure.</summary>
    [Id(0)]
    public ChatFailure Failure { get; } = failure;

    /// <summary>The upstream's HTTP status; null when there was none.</summary>
    [Id(1)]
    public int? UpstreamStatus { get; init; }

    /// <summary>How long the upstream asked to be left alone; null when it did not.</summary>
    [Id(2)]
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the model said against the request; null for other failures.</summary>
    [Id(3)]
    public UpstreamObjection? Objection { get; init; }

    /// <summary>What the upstream counted for the attempt, judged as in <see cref="ChatPart.Usage"/>; null where it counted nothing.</summary>
    [Id(4)]
    public TokenUsage? Usage { get; init; }

    /// <summary>Whether the request never reached the upstream, so that the upstream cannot charge for it.</summary>
    [Id(5)]
    public bool NeverSent { get; init; }
}
