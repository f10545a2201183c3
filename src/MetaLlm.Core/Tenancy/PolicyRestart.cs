namespace MetaLlm.Core.Tenancy;

/// <summary>What becomes of a configuration that would make the policy start anew: another policy, other options of it, another seed or other parts of the context.</summary>
public enum PolicyRestart
{
    /// <summary>It is refused where the policy would forget something; the configuration before stays in force.</summary>
    Refuse = 0,

    /// <summary>It is put in force, and the new policy learns from all decisions and rewards of the journal that fit it.</summary>
    Relearn = 1,

    /// <summary>It is put in force, and the new policy knows nothing.</summary>
    Forget = 2,
}
