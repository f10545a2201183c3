namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>A caller in another process that reads an answer. Each call returns when the reader has room for the next part.</summary>
[Alias("metallm.answer-reader")]
internal interface IAnswerReader : IGrainObserver
{
    /// <summary>The answer has begun.</summary>
    /// <returns>Whether to go on.</returns>
    [Alias("begun"), ResponseTimeout("00:10:00")]
    Task<bool> BegunAsync(AnswerHead head);

    /// <summary>The next part.</summary>
    /// <returns>Whether to go on.</returns>
    [Alias("part"), ResponseTimeout("00:10:00")]
    Task<bool> PartAsync(AnswerPart part);
}
