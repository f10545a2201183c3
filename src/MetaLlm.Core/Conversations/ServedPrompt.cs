namespace MetaLlm.Core.Conversations;

/// <summary>A prompt that an arm has served, and whose beginning its provider may still have.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Tokens">Tokens of it that may be cached, as they were estimated.</param>
/// <param name="Ticks">When it was used last, UTC ticks.</param>
internal readonly record struct ServedPrompt(string Arm, double Tokens, long Ticks);
