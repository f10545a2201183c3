namespace MetaLlm.Engine.TenantDirectory;

/// <summary>What became of a change.</summary>
public enum DirectoryOutcome
{
    /// <summary>It is durable.</summary>
    Written = 0,

    /// <summary>It says what is there already; nothing was written.</summary>
    Unchanged = 1,

    /// <summary>There is a tenant, or a key, of that id already; nothing was written.</summary>
    Exists = 2,

    /// <summary>There is none of that id; nothing was written.</summary>
    NotFound = 3,

    /// <summary>The tenant has another revision than was expected; nothing was written.</summary>
    Outdated = 4,
}
