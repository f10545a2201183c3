using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Sessions;

/// <summary>The providers' prompt caches: of each session what a model has served, and the instructions that all sessions share.</summary>
internal sealed class SessionCaches(SessionWorld world)
{
    private const int Shared = -1;

    private readonly Dictionary<(int Model, int Session), (double Tokens, double Seconds)> _kept = [];

    /// <summary>Serves a prompt.</summary>
    /// <returns>The call's tokens.</returns>
    public TokenUsage Serve(int model, SessionScript session, SessionTurn turn, double seconds)
    {
        if (world.Models[model].Cache is not { } cache)
        {
            return new TokenUsage(turn.PromptTokens, 0, turn.OutputTokens);
        }

        var kept = turn.CacheLuck < world.CacheReliability ? Math.Max(Kept(model, session.Index, cache, seconds), Kept(model, Shared, cache, seconds)) : 0;
        var cached = Math.Min(kept, turn.PromptTokens);
        _kept[(model, session.Index)] = (turn.PromptTokens, seconds);
        _kept[(model, Shared)] = (world.InstructionTokens, seconds);
        return new TokenUsage(turn.PromptTokens, cached >= cache.MinTokens ? cached : 0, turn.OutputTokens);
    }

    private double Kept(int model, int session, PromptCache cache, double seconds) =>
        _kept.TryGetValue((model, session), out var kept) && seconds - kept.Seconds <= cache.TimeToLive.TotalSeconds ? kept.Tokens : 0;
}
