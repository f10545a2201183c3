namespace MetaLlm.Engine.Ports;

/// <summary>Somebody else has written for a tenant that this owner believed to be its own; the owner must give up and reload.</summary>
/// <param name="message">What was found.</param>
/// <param name="inner">The store's own error, or null.</param>
[GenerateSerializer, Immutable, Alias("metallm.fenced")]
public sealed class FencedException(string message, Exception? inner = null) : Exception(message, inner);
