namespace MetaLlm.Gateway.Authentication;

/// <summary>What a key that manages may do; each role may do what those before it may.</summary>
internal enum AdminRole
{
    /// <summary>Read everything.</summary>
    Read = 1,

    /// <summary>Change keys, models, budgets and policies of tenants, and teach them.</summary>
    Operate = 2,

    /// <summary>Create and delete tenants and keys that manage.</summary>
    Own = 3,
}
