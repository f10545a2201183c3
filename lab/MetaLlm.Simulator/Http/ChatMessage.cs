namespace MetaLlm.Simulator.Http;

/// <summary>One message, its text parts joined.</summary>
internal sealed record ChatMessage(string Role, string Text);
