namespace MetaLlm.Core.Tenancy;

/// <summary>How much is set aside for a call under a hard cap and under the budgets of windows. What is not used is given back when the call ends.</summary>
public enum HardCapReserve
{
    /// <summary>The most that the call can cost: no cap is ever passed.</summary>
    Bound = 0,

    /// <summary>What 99 of 100 such calls cost at most, by what was learned; the bound until enough is known, and never more than it.</summary>
    P99 = 1,

    /// <summary>The predicted cost: calls that run together can pass a cap by what they cost beyond their predictions.</summary>
    Mean = 2,
}
