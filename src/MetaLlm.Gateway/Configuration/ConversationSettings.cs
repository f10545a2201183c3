using System.ComponentModel.DataAnnotations;

namespace MetaLlm.Gateway.Configuration;

/// <summary>How conversations are followed: one keeps its model, unless another one's advantage pays for the prompt cache that is lost.</summary>
public sealed class ConversationSettings
{
    /// <summary>Whether conversations are followed. Without, every request is decided for itself.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Conversations that are remembered, about 300 bytes each. The one that was used least lately is forgotten first.</summary>
    [Range(Core.Conversations.ConversationSettings.FewestRemembered, Core.Conversations.ConversationSettings.MostRemembered)]
    public int Remembered { get; init; } = 4096;

    /// <summary>How long a conversation is remembered after its last turn.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Idle { get; init; } = TimeSpan.FromDays(1);

    internal Core.Conversations.ConversationSettings? ToSettings() => Enabled ? new() { Remembered = Remembered, IdleTime = Idle } : null;
}
