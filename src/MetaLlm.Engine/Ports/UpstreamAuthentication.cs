namespace MetaLlm.Engine.Ports;

/// <summary>How an upstream is shown who calls.</summary>
public enum UpstreamAuthentication
{
    /// <summary>By the key in a header; without a key, not at all.</summary>
    Key = 0,

    /// <summary>By a token of Entra ID, which the process that makes the call fetches and renews.</summary>
    Entra = 1,

    /// <summary>
    /// By a signature of Amazon's. The key is <c>ID:SECRET</c> or <c>ID:SECRET:TOKEN</c>; without one, the process that makes the call finds it where Amazon's clients
    /// do. A key without a colon is a bearer key.
    /// </summary>
    Aws = 2,
}
