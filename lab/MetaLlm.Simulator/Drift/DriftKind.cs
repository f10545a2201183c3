namespace MetaLlm.Simulator.Drift;

/// <summary>How the world changes under the router.</summary>
public enum DriftKind
{
    /// <summary>The ability of a model becomes <see cref="DriftEvent.Ability"/>, for one task type or for all.</summary>
    Skill,

    /// <summary>The price of a model becomes <see cref="DriftEvent.Price"/>.</summary>
    Price,

    /// <summary>Every request to the model gets 503.</summary>
    Outage,

    /// <summary>The outage ends, and the skill and price of the start return.</summary>
    Recovery,
}
