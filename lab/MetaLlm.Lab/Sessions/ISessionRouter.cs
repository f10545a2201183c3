using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Sessions;

/// <summary>Chooses models for the turns of sessions, as they come, and is told what became of them.</summary>
internal interface ISessionRouter
{
    /// <summary>Hash of what it knows; empty where it does not learn.</summary>
    string StateHash { get; }

    /// <summary>Chooses the model of a turn.</summary>
    /// <returns>Its index in the world.</returns>
    int Choose(SessionScript session, int turn, DateTimeOffset at);

    /// <summary>The turn's call has ended.</summary>
    void Settle(SessionScript session, TokenUsage usage, DateTimeOffset at);

    /// <summary>The question is answered.</summary>
    void Reward(SessionScript session, double reward, DateTimeOffset at);
}
