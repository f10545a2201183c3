namespace MetaLlm.Simulator.Http;

/// <summary>
/// Ends a connection in the middle of a response. Once the response has begun the server can only close the connection on
/// an exception; unlike an abort, which resets it, the client still receives what was sent before.
/// </summary>
internal sealed class ConnectionCutException() : IOException("The simulator cut the connection on purpose.");
