namespace MetaLlm.Simulator.Models;

/// <summary>
/// What a simulated model can do and what it charges: immutable, swapped whole when it drifts. The chance of a right answer
/// follows the two-parameter logistic model of item response theory (Birnbaum, 1968): an ability per task type against the
/// difficulty of the query.
/// </summary>
public sealed record SimulatedModel
{
    /// <summary>How sharply the chance falls around the point where difficulty meets ability.</summary>
    public const double Discrimination = 8;

    /// <summary>The best chance a model ever has; nobody is perfect.</summary>
    public const double Ceiling = 0.99;

    /// <summary>Name on the wire, such as <c>sim-nano</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One line for humans.</summary>
    public required string Description { get; init; }

    /// <summary>List price.</summary>
    public required ModelPrice Price { get; init; }

    /// <summary>Ability where <see cref="Abilities"/> has no entry, on the scale of <see cref="SimTask.Difficulty"/>: at a difficulty equal to it the chance is about one half.</summary>
    /// <value>-1 to 2.</value>
    public required double Ability { get; init; }

    /// <summary>Ability by task type, same scale.</summary>
    public IReadOnlyDictionary<SimTaskType, double> Abilities { get; init; } = new Dictionary<SimTaskType, double>();

    /// <summary>Wait before the first token at a time scale of 1.</summary>
    /// <value>0 to 60 seconds.</value>
    public required TimeSpan TimeToFirstToken { get; init; }

    /// <summary>Speed after the first token at a time scale of 1.</summary>
    /// <value>1 to 10,000.</value>
    public required double TokensPerSecond { get; init; }

    /// <summary>Usual length of a reply in tokens; harder queries get longer ones.</summary>
    /// <value>1 to 4,000.</value>
    public required int ReplyTokens { get; init; }

    /// <summary>The ability for a type of task.</summary>
    public double AbilityFor(SimTaskType type) => Abilities.GetValueOrDefault(type, Ability);

    /// <summary>
    /// The probability of a right answer, <c>Ceiling / (1 + exp(-Discrimination * (ability - difficulty)))</c>.
    /// </summary>
    public double ExpectedQuality(SimTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return Ceiling / (1 + Math.Exp(-Discrimination * (AbilityFor(task.Type) - task.Difficulty)));
    }
}
