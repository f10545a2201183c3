namespace MetaLlm.Simulator.Http;

/// <summary>
/// Remembers the beginnings of conversations, so that a repeated long one is billed at the cached price. As with the real
/// thing a beginning counts from 1,024 tokens, in steps of 128.
/// </summary>
internal sealed class PromptCache
{
    private const int MinimumTokens = 1024;
    private const int Step = 128;
    private const int Capacity = 4096;

    private readonly Lock _gate = new();
    private readonly HashSet<ulong> _known = [];
    private readonly Queue<ulong> _oldestFirst = new();

    /// <summary>Tokens of the request's beginning (all but the last message) that were seen before; remembers it either way.</summary>
    public int CachedTokens(ChatRequest request)
    {
        var prefix = string.Join('\0', request.Messages.SkipLast(1).Select(message => message.Role + '\u0001' + message.Text));
        var tokens = request.Messages.SkipLast(1).Sum(message => TokenCounter.Count(message.Text) + GroundTruth.TokensPerMessage);
        if (tokens < MinimumTokens)
        {
            return 0;
        }

        var key = StableHash.Of(0, request.Model, prefix);
        lock (_gate)
        {
            if (!_known.Add(key))
            {
                return tokens / Step * Step;
            }

            _oldestFirst.Enqueue(key);
            if (_oldestFirst.Count > Capacity)
            {
                _known.Remove(_oldestFirst.Dequeue());
            }

            return 0;
        }
    }
}
