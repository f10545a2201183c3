namespace MetaLlm.Engine.TenantDirectory;

/// <summary>A kind of change of the directory.</summary>
public enum DirectoryAction
{
    /// <summary>A tenant is new.</summary>
    CreateTenant = 1,

    /// <summary>A tenant has another document.</summary>
    ReplaceTenant = 2,

    /// <summary>A tenant is gone, and all of its keys with it.</summary>
    DeleteTenant = 3,

    /// <summary>A key is new.</summary>
    CreateKey = 4,

    /// <summary>A key opens nothing any more.</summary>
    RevokeKey = 5,

    /// <summary>A tenant's budgets began anew. The directory itself stays as it is.</summary>
    ResetBudget = 6,

    /// <summary>A challenger took the place of a tenant's policy. The document was changed before; this holds why.</summary>
    PromoteChallenger = 7,

    /// <summary>A tenant's policy of before a promotion was put back. The document was changed before; this holds why.</summary>
    RollBackChallenger = 8,
}
