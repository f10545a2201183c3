namespace MetaLlm.Simulator.Http;

/// <summary>How far a reply got.</summary>
internal readonly record struct SentReply(int CompletionTokens, bool Complete);
