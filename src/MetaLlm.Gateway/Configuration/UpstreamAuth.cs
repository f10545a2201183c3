namespace MetaLlm.Gateway.Configuration;

/// <summary>How an upstream is shown who calls.</summary>
public enum UpstreamAuth
{
    /// <summary>By its key.</summary>
    Key = 0,

    /// <summary>By a token of Entra ID, for kind <c>azure-openai</c>.</summary>
    Entra = 1,
}
