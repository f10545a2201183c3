namespace MetaLlm.Engine.Ports;

/// <summary>
/// An engine or its store cannot serve a call at the moment: a node is gone, the database is away, the way to either is broken.
/// </summary>
/// <remarks>
/// What the call was to record may be durable or not. It may be repeated: a settlement of a settled decision changes nothing, feedback is
/// known by its idempotency key, a configuration is compared with the one in force, and a decision that nobody learned of expires.
/// </remarks>
/// <param name="message">What cannot be reached; for the log, not for clients.</param>
/// <param name="inner">The engine's or store's own error, or null.</param>
[GenerateSerializer, Immutable, Alias("metallm.engine-unavailable")]
public class EngineUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
