using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using MetaLlm.Simulator.Tasks.Everyday;
using MetaLlm.Simulator.Tasks.Generators;

namespace MetaLlm.Simulator.Tasks;

/// <summary>
/// Several thousand distinct queries with checkable answers, generated from a seed: the same seed and size give the same
/// catalogue, text for text. Immutable.
/// </summary>
public sealed class TaskCatalog
{
    /// <summary>Number of difficulty levels; every type has the same number of queries at each, give or take one.</summary>
    public const int Levels = 5;

    /// <summary>The most queries of one type that <see cref="Create"/> accepts.</summary>
    public const int MaximumPerType = 1_000;

    /// <summary>The number of queries of one type where none is stated: 4,400 queries in all.</summary>
    public const int DefaultPerType = 440;

    private static readonly ITaskGenerator[] Generators =
    [
        new ArithmeticGenerator(), new DatesGenerator(), new UnitsGenerator(), new SentimentGenerator(), new CodeOutputGenerator(),
        new LogicGenerator(), new StringsGenerator(), new CountingGenerator(), new SequencesGenerator(), new TranslationGenerator(),
    ];

    private readonly FrozenDictionary<string, SimTask> _byPrompt;

    private TaskCatalog(int seed, IReadOnlyList<SimTask> tasks)
    {
        Seed = seed;
        Tasks = tasks;
        _byPrompt = tasks.ToFrozenDictionary(task => PromptText.Normalize(task.Prompt), StringComparer.Ordinal);
    }

    /// <summary>The seed it was generated from.</summary>
    public int Seed { get; }

    /// <summary>Every query, grouped by type.</summary>
    public IReadOnlyList<SimTask> Tasks { get; }

    /// <summary>Generates a catalogue.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="perType">Queries of each type, 1 to <see cref="MaximumPerType"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="perType"/> is outside its range.</exception>
    public static TaskCatalog Create(int seed, int perType = DefaultPerType)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perType, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(perType, MaximumPerType);

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var tasks = new List<SimTask>(perType * Generators.Length);
        foreach (var generator in Generators)
        {
            AddTasks(generator, seed, perType, seen, tasks);
        }

        return new TaskCatalog(seed, tasks);
    }

    /// <summary>Questions outside the catalogue that are understood all the same, one or more of every kind.</summary>
    public static IEnumerable<string> EverydayExamples => EverydayQuestions.Examples;

    /// <summary>Finds the query a user message asks; white space and case do not matter. Everyday questions are worked out as they come.</summary>
    public bool TryFind(string prompt, [NotNullWhen(true)] out SimTask? task)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return _byPrompt.TryGetValue(PromptText.Normalize(prompt), out task) || (task = EverydayQuestions.Read(prompt)) is not null;
    }

    /// <summary>Draws distinct queries in random order, types and levels mixed as they fall.</summary>
    /// <param name="count">How many, 0 to the size of the catalogue.</param>
    /// <param name="seed">Names the draw; the same seed draws the same queries in the same order.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is outside its range.</exception>
    public IReadOnlyList<SimTask> Draw(int count, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Tasks.Count);
        return new SeededRandom(StableHash.Of(seed, "draw")).Pick(Tasks, count);
    }

    private static void AddTasks(ITaskGenerator generator, int seed, int perType, HashSet<string> seen, List<SimTask> tasks)
    {
        // Enough to fill the largest catalogue several times over; past it the generator has too few wordings.
        const int attemptsPerTask = 200;
        var name = EnumNames.Of(generator.Type);
        var random = new SeededRandom(StableHash.Of(seed, "catalogue", name));
        for (var i = 0; i < perType; i++)
        {
            var level = (i % Levels) + 1;
            var draft = generator.Generate(random, level);
            for (var attempt = 1; !seen.Add(PromptText.Normalize(draft.Prompt)); attempt++)
            {
                if (attempt == attemptsPerTask)
                {
                    throw new InvalidOperationException($"The {name} generator has too few distinct queries of level {level} for {perType} of its type.");
                }

                draft = generator.Generate(random, level);
            }

            tasks.Add(draft.ToTask(FormattableString.Invariant($"{name}-{i:0000}"), generator.Type, DifficultyOf(draft.Prompt, level)));
        }
    }

    /// <summary>Levels sit at 0.1, 0.3, ... 0.9; the wording itself moves a query by up to 0.08 either way.</summary>
    private static double DifficultyOf(string prompt, int level) =>
        ((level - 0.5) / Levels) + (0.16 * (StableHash.Uniform(0, "difficulty", PromptText.Normalize(prompt)) - 0.5));
}
