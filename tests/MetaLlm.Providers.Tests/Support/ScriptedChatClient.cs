using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace MetaLlm.Providers.Tests.Support;

/// <summary>A client that answers as it is told, and fails after its updates if it is to.</summary>
internal sealed class ScriptedChatClient : IChatClient
{
    public ChatResponse Answer { get; init; } = new(new ChatMessage(ChatRole.Assistant, "Hello"));

    public IReadOnlyList<ChatResponseUpdate> Updates { get; init; } = [];

    public Exception? Failure { get; init; }

    public IReadOnlyList<ChatMessage> Messages { get; private set; } = [];

    public ChatOptions? Options { get; private set; }

    /// <summary>Whether the enumeration of its updates was left in order.</summary>
    public bool IsDisposed { get; private set; }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        (Messages, Options) = ([.. messages], options);
        return Failure is null ? Task.FromResult(Answer) : Task.FromException<ChatResponse>(Failure);
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        (Messages, Options) = ([.. messages], options);
        try
        {
            foreach (var update in Updates)
            {
                await Task.Yield();
                yield return update;
            }

            if (Failure is not null)
            {
                throw Failure;
            }
        }
        finally
        {
            IsDisposed = true;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
