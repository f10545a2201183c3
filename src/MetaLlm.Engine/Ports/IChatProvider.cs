namespace MetaLlm.Engine.Ports;

/// <summary>Calls a model by way of its upstream and hands back an answer in the OpenAI chat completion format.</summary>
/// <remarks>
/// Implementations are safe for concurrent use and keep no state that a call depends on, so that any node may serve any call.
/// They speak the upstream's dialect: the caller's body goes in as it came, the answer comes out under the caller's id and model name.
/// </remarks>
public interface IChatProvider
{
    /// <summary>
    /// Starts a call. It returns when the answer has begun: the first event of a stream with content was read and is sound, or the whole body of
    /// a plain answer is there. Until then nothing has reached the client, so that the caller may still turn to another arm.
    /// </summary>
    /// <param name="call">What to send, and where.</param>
    /// <param name="cancellationToken">Ends the call, also after it has begun.</param>
    /// <returns>The answer; the caller disposes it.</returns>
    /// <exception cref="ChatProviderException">The arm failed, or objects to the request (<see cref="ChatFailure.Objected"/>); another one may do better.</exception>
    ValueTask<ChatResponse> SendAsync(ChatCall call, CancellationToken cancellationToken);
}
