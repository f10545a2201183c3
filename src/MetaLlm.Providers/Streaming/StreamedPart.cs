using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Streaming;

/// <summary>One event.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Part">What goes to the client.</param>
internal readonly record struct StreamedPart(StreamedKind Kind, ChatPart Part);
