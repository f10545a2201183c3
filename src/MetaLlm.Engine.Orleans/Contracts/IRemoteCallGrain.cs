using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>One call of a model for a caller in another process; the key is the call's alone.</summary>
/// <remarks>
/// Neither side learns from the messaging layer, within a minute, that the other's process is gone. So the caller says in every
/// <see cref="Beat"/> that it is there. A worker that hears nothing lets go of the upstream, and a caller that gets no answer gives the call up.
/// </remarks>
[Alias("metallm.2.remote-call")]
internal interface IRemoteCallGrain : IGrainWithGuidKey
{
    /// <summary>Time between two signs of life.</summary>
    static readonly TimeSpan Beat = TimeSpan.FromSeconds(2);

    /// <summary>Beats without a sign of life after which the caller counts as gone.</summary>
    const int SilentBeats = 4;

    /// <summary>Makes the call and gives the answer part by part; the first part has the head. Parts are made as the caller asks for them.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends the call, also after the answer has begun.</param>
    /// <exception cref="ChatProviderException">The arm failed, before the answer began or after.</exception>
    /// <exception cref="Grains.SiloDrainingException">The silo is about to stop; nothing was called.</exception>
    [Alias("answer")]
    IAsyncEnumerable<AnswerPart> AnswerAsync(ChatCall call, CancellationToken cancellationToken);

    /// <summary>Says that the caller is there.</summary>
    /// <returns>False when the worker does not know the call: it was on a silo that is gone.</returns>
    [Alias("hold"), ResponseTimeout("00:00:04")]
    ValueTask<bool> HoldAsync();
}
