using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace MetaLlm.Extensions.AI.Tests.Support;

/// <summary>A client that answers as a test says, and remembers what it was asked.</summary>
internal sealed class FakeChatClient(Func<IReadOnlyList<ChatMessage>, ChatOptions?, ChatResponse> answer) : IChatClient
{
    private readonly ConcurrentQueue<(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)> _asked = new();

    public IReadOnlyList<(IReadOnlyList<ChatMessage> Messages, ChatOptions? Options)> Asked => [.. _asked];

    /// <summary>What happens after the first update of a stream; it gets the token of the call.</summary>
    public Func<CancellationToken, Task>? AfterFirstUpdate { get; set; }

    /// <summary>A client that answers everything with a text and a count.</summary>
    public static FakeChatClient Saying(string text) => new((_, _) => Text(text));

    public static ChatResponse Text(string text) => new(new ChatMessage(ChatRole.Assistant, text))
    {
        FinishReason = ChatFinishReason.Stop,
        Usage = new UsageDetails { InputTokenCount = 20, OutputTokenCount = 5, TotalTokenCount = 25, CachedInputTokenCount = 4 },
    };

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        IReadOnlyList<ChatMessage> asked = [.. messages];
        _asked.Enqueue((asked, options));
        return answer(asked, options);
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var isFirst = true;
        foreach (var update in (await GetResponseAsync(messages, options, cancellationToken)).ToChatResponseUpdates())
        {
            if (!isFirst && AfterFirstUpdate is { } after)
            {
                await after(cancellationToken);
            }

            isFirst = false;
            yield return update;
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}
