using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Tests.Support;

/// <summary>A provider that plays a part per model: a failure, or the pieces of an answer.</summary>
internal sealed class ScriptedProvider : IChatProvider
{
    public Dictionary<string, Func<CancellationToken, ChatResponse>> Parts { get; } = [];

    public List<string> Called { get; } = [];

    public List<ChatCall> Calls { get; } = [];

    public ValueTask<ChatResponse> SendAsync(ChatCall call, CancellationToken cancellationToken)
    {
        Called.Add(call.Model);
        Calls.Add(call);
        return ValueTask.FromResult(Parts[call.Model](cancellationToken));
    }

    public void Fails(string model, ChatFailure failure, TimeSpan? retryAfter = null) =>
        Parts[model] = _ => throw new ChatProviderException(failure, "It failed.") { RetryAfter = retryAfter };

    public void Fails(string model, ChatProviderException failure) => Parts[model] = _ => throw failure;

    public void Answers(string model, params ChatPart[] parts) =>
        Parts[model] = _ => new ChatResponse(200, "text/event-stream", [], parts.ToAsyncEnumerable(), null);

    public void BreaksOff(string model, params ChatPart[] parts) =>
        Parts[model] = _ => new ChatResponse(200, "text/event-stream", [], BreakingOff(parts), null);

    private static async IAsyncEnumerable<ChatPart> BreakingOff(ChatPart[] parts)
    {
        foreach (var part in parts)
        {
            yield return part;
        }

        await Task.Yield();
        throw new ChatProviderException(ChatFailure.Cut, "It broke off.");
    }
}
