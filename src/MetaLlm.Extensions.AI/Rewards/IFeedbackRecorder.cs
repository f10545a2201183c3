namespace MetaLlm.Extensions.AI.Rewards;

/// <summary>Where feedback is recorded.</summary>
internal interface IFeedbackRecorder
{
    /// <summary>Records feedback; all of it is durable when the call returns.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="feedback">What was sent.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What became of each, in order.</returns>
    Task<IReadOnlyList<FeedbackStatus>> RecordAsync(string tenant, IReadOnlyList<Feedback> feedback, CancellationToken cancellationToken);
}
