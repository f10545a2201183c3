using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Tenants;

/// <summary>How far sweeps for missing rewards have come since the state was loaded, so that the next one looks at what has aged since alone.</summary>
/// <remarks>One sweep at a time uses it.</remarks>
internal sealed class SweptDecisions
{
    /// <summary>Decisions up to here have a reward, or never get a default.</summary>
    public DecisionPosition Through { get; set; } = DecisionPosition.Start;
}
