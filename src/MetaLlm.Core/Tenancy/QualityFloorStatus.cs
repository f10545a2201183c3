namespace MetaLlm.Core.Tenancy;

/// <summary>How a quality floor stands.</summary>
public enum QualityFloorStatus
{
    /// <summary>Too few rewards to tell.</summary>
    Learning = 0,

    /// <summary>Recent rewards keep it, or the shadow price is on its way there.</summary>
    Held = 1,

    /// <summary>The best quality that is to be had is below it; that is what is chosen.</summary>
    Infeasible = 2,

    /// <summary>A budget asks for more economy than the floor leaves; the budget wins.</summary>
    LimitedByBudget = 3,
}
