using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Worlds;

namespace MetaLlm.Lab.Replay.Streams;

/// <summary>Divides a data set into warm-start, burnt-in and scored rows, and orders the stream.</summary>
internal sealed class StreamPlanner
{
    private readonly ReplayOptions _options;
    private readonly int[] _train;
    private readonly int[] _burnIn;
    private readonly int[] _scored;

    // Rows that a training fraction is drawn from: all that no option names.
    private readonly int[] _pool;

    // The parts of the data set in the order in which they are played, and the part of every row; empty unless parts follow each other.
    private readonly IReadOnlyList<string> _parts = [];
    private readonly int[] _partOf = [];

    /// <summary>Checks the options against the data set.</summary>
    /// <exception cref="BadInputException">A part does not exist, is named twice, or nothing is left to score.</exception>
    public StreamPlanner(ReplayDataset dataset, ReplayOptions options)
    {
        _options = options;
        CheckSplits(dataset, options);
        int[] Named(string? split) => split is null ? [] : Rows(dataset, r => r.Split == split);

        _train = Named(options.Train?.Split);
        _burnIn = Named(options.BurnInSplit);
        var unnamed = Rows(dataset, r => r.Split is null || (r.Split != options.Train?.Split && r.Split != options.BurnInSplit && r.Split != options.TestSplit));
        _scored = options.TestSplit is null ? unnamed : Named(options.TestSplit);
        _pool = options.Train is { IsDrawn: true } ? unnamed : [];
        if (options.Scenario == Scenarios.PhaseSwap)
        {
            // What is known beforehand can come from the first phase alone.
            _parts = dataset.Splits;
            _partOf = [.. dataset.Rows.Select(r => Math.Max(0, dataset.Splits.ToList().IndexOf(r.Split ?? string.Empty)))];
            _pool = [.. _pool.Where(row => _partOf[row] == 0)];
        }

        if (options.Train?.Fraction is { } fraction && TrainCount == 0)
        {
            throw new BadInputException($"--train: {fraction} of the {_pool.Length} rows that --burn-in and --test leave is no row.");
        }

        var stream = Plan(1);
        if (stream.Quiz.Length < options.Quiz)
        {
            throw new BadInputException(
                $"--quiz: {options.Quiz} rows are asked for; --train, or else --burn-in, leaves {stream.Quiz.Length}.");
        }

        if (options.Scenario is not null && stream.Scored.Length is > 0 and < ReplayWorld.LeastScenarioRequests)
        {
            throw new BadInputException(
                $"--scenario: only {stream.Scored.Length} rows are left to score; {options.Scenario} needs {ReplayWorld.LeastScenarioRequests}.");
        }

        if (stream.Scored.IsEmpty)
        {
            throw new BadInputException(
                $"No row is left to score: {dataset.Rows.Count} rows, {stream.Train.Length} of them trained on, {stream.BurnIn} burnt in.");
        }
    }

    private int TrainCount => _options.Train?.Rows is { } rows
        ? Math.Min(rows, _pool.Length)
        : (int)Math.Round((_options.Train?.Fraction ?? 0) * _pool.Length, MidpointRounding.AwayFromZero);

    /// <summary>The rows of one seed; equal seeds give equal streams.</summary>
    /// <param name="seed">The seed, at least 1.</param>
    public ReplayStream Plan(int seed)
    {
        var train = _train;
        var scored = _scored;
        if (_options.Train is { IsDrawn: true })
        {
            int[] drawn = [.. _pool];
            SeededShuffle.Apply(drawn, RandomStreams.Train(seed));
            train = drawn[..TrainCount];
            Array.Sort(train);
            scored = [.. _scored.Except(train)];
        }

        var burnIn = Ordered(_burnIn, RandomStreams.BurnInOrder(seed));
        int[] requests = [.. burnIn, .. Limited(Ordered(scored, RandomStreams.ScoredOrder(seed)))];
        return new ReplayStream(train, requests, burnIn.Length) { Quiz = Asked(train.Length > 0 ? train : _burnIn, seed) };
    }

    // Queries that are not scored: the tenant's own from before, when it has any.
    private int[] Asked(int[] rows, int seed)
    {
        int[] copy = [.. rows];
        SeededShuffle.Apply(copy, RandomStreams.Quiz(seed));
        return copy[..Math.Min(_options.Quiz, copy.Length)];
    }

    // Every part keeps its share of a limit: cut at the end, the later parts would be lost.
    private IEnumerable<int> Limited(int[] ordered)
    {
        var limit = _options.Limit ?? int.MaxValue;
        return _parts.Count == 0
            ? ordered.Take(limit)
            : ordered.GroupBy(row => _partOf[row]).OrderBy(g => g.Key).SelectMany(g => g.Take(Math.Max(1, limit / _parts.Count)));
    }

    private int[] Ordered(int[] rows, ulong stream)
    {
        int[] copy = [.. rows];
        if (!_options.RecordedOrder)
        {
            SeededShuffle.Apply(copy, stream);
        }

        return copy;
    }

    private static int[] Rows(ReplayDataset dataset, Func<ReplayRow, bool> belongs) =>
        [.. Enumerable.Range(0, dataset.Rows.Count).Where(i => belongs(dataset.Rows[i]))];

    private static void CheckSplits(ReplayDataset dataset, ReplayOptions options)
    {
        var named = new[] { ("--train", options.Train?.Split), ("--burn-in", options.BurnInSplit), ("--test", options.TestSplit) };
        var splits = dataset.Splits.Count > 0 ? string.Join(", ", dataset.Splits) : "none";
        var problems = new List<string>();
        if (options.Scenario == Scenarios.PhaseSwap)
        {
            problems.AddRange(named.Where(n => n.Item2 is not null)
                .Select(n => $"{n.Item1}: {Scenarios.PhaseSwap} plays every part of the data set in turn; none can be set aside by name."));
        }

        foreach (var (option, split) in named.Where(n => n.Item2 is not null))
        {
            if (!dataset.Splits.Contains(split, StringComparer.Ordinal))
            {
                problems.Add($"{option}: {dataset.Name} has no split {split}; its splits are: {splits}.");
            }
        }

        problems.AddRange(named.Where(n => n.Item2 is not null).GroupBy(n => n.Item2).Where(g => g.Count() > 1)
            .Select(g => $"{string.Join(" and ", g.Select(n => n.Item1))} name the same split {g.Key}; a row has one purpose."));
        if (problems.Count > 0)
        {
            throw new BadInputException(problems);
        }
    }
}
