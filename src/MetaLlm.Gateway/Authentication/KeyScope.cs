namespace MetaLlm.Gateway.Authentication;

/// <summary>What a tenant's key opens.</summary>
[Flags]
internal enum KeyScope
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Chat requests and decisions.</summary>
    Chat = 1,

    /// <summary>Feedback.</summary>
    Feedback = 2,

    /// <summary>Models, decisions and what was learned.</summary>
    Read = 4,

    /// <summary>All of it.</summary>
    All = Chat | Feedback | Read,
}
