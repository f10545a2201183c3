namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>A message of an event stream.</summary>
/// <param name="Kind">What it is: <c>event</c>, <c>exception</c> or <c>error</c>.</param>
/// <param name="Name">The event, the exception, or the code of the error.</param>
/// <param name="Payload">What it says, JSON; valid until the next message is read.</param>
internal readonly record struct EventFrame(string Kind, string Name, ReadOnlyMemory<byte> Payload);
