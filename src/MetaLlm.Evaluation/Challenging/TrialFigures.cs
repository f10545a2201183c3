namespace MetaLlm.Evaluation.Challenging;

/// <summary>What a log says so far of a champion and a challenger.</summary>
internal sealed record TrialFigures
{
    /// <summary>Decisions of the tenant's policy that were looked at.</summary>
    public required long Decisions { get; init; }

    /// <summary>Decisions that count: with feedback in time, and free to be made.</summary>
    public required long Counted { get; init; }

    /// <summary>Decisions that still wait for feedback, or for the feedback of one before them.</summary>
    public required long Waiting { get; init; }

    /// <summary>Decisions without feedback in time.</summary>
    public required long Unrewarded { get; init; }

    /// <summary>Decisions that were pinned or rerouted, or at which the policies could not be asked.</summary>
    public required long LeftOut { get; init; }

    /// <summary>Decisions of the journal that were not looked at yet.</summary>
    public required long Behind { get; init; }

    /// <summary>Decisions of the challenger itself that the log is worth; 0 where it could choose what the log never does.</summary>
    public required double EffectiveDecisions { get; init; }

    /// <summary>Share of evenly spread choices, and decisions with feedback with which the log would be worth a hundred of the challenger.</summary>
    public required (double Floor, double Decisions) Exploring { get; init; }

    /// <summary>Mean reward of what was logged; NaN without any.</summary>
    public required double LoggedReward { get; init; }

    /// <summary>What the champion earns: doubly robust; NaN without any decision that counts.</summary>
    public required TrialSide Champion { get; init; }

    /// <summary>What the challenger earns.</summary>
    public required TrialSide Challenger { get; init; }

    /// <summary>Value of the challenger less that of the champion: reward less what money and time are worth to the tenant; NaN without any decision that counts.</summary>
    public required double Difference { get; init; }

    /// <summary>The least that the difference is, at every time; minus infinity without any decision that counts.</summary>
    public required double Lower { get; init; }

    /// <summary>The most that it is; infinity without any decision that counts.</summary>
    public required double Upper { get; init; }
}
