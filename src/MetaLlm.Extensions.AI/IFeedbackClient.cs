namespace MetaLlm.Extensions.AI;

/// <summary>Tells a tenant's policy what answers were worth, in process.</summary>
/// <remarks>
/// Safe for concurrent use. What is sent while earlier feedback is being recorded goes together in one write. Feedback of one process is recorded in the order in which it was sent.
/// </remarks>
public interface IFeedbackClient
{
    /// <summary>Sends feedback.</summary>
    /// <param name="feedback">What an answer was worth.</param>
    /// <param name="cancellationToken">Ends the wait; feedback that is being recorded stays.</param>
    /// <returns>What became of it. It is durable when the call returns, with all but the refusals <see cref="FeedbackStatus.UnknownDecision"/>, <see cref="FeedbackStatus.Conflict"/> and <see cref="FeedbackStatus.NeverRan"/>.</returns>
    /// <exception cref="MetaLlmException">A member of the feedback is illegal, or it could neither be recorded nor kept.</exception>
    Task<FeedbackStatus> SendAsync(Feedback feedback, CancellationToken cancellationToken = default);

    /// <summary>Waits until all feedback that was sent before is recorded, that which is kept on disk among it.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task FlushAsync(CancellationToken cancellationToken = default);
}
