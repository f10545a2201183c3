using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Cascades;

/// <summary>A tenant's cascade with the answers whose rewards are awaited. A fold over settlements and rewards. Not safe for concurrent use.</summary>
internal sealed class CascadeBook(CascadeSettings settings)
{
    /// <summary>Most answers whose rewards are awaited; a reward that comes after as many more answers teaches nothing here.</summary>
    public const int MostAwaited = 4096;

    // Stands between arm and topic: an arm's id may hold anything that is printed.
    private const char Mark = '\n';

    private readonly Dictionary<long, AwaitedAnswer> _awaited = [];
    private readonly Queue<long> _order = new();
    private Cascade _cascade = new();
    private long _weighed;
    private long _escalated;
    private long _rewarded;
    private double _firstUsd;
    private double _secondUsd;

    public CascadeSettings Settings { get; set; } = settings;

    public static string GroupOf(string armId, string? topic) => $"{armId}{Mark}{topic}";

    public CascadeReport Report() => new(_weighed, _escalated, _firstUsd, _secondUsd, _rewarded);

    public CascadeChoice Consider(string group, double firstQuality, in AnswerSignals signals, ReadOnlySpan<SecondModel> seconds, in CascadePrices prices, double draw) =>
        _cascade.Consider(group, firstQuality, signals, seconds, prices, draw);

    /// <summary>The answer of a decision that was escalated; null where it left, or is not remembered.</summary>
    public AwaitedAnswer? FindEscalated(long ordinal) => _awaited.GetValueOrDefault(ordinal) is { IsEscalated: true } escalated ? escalated : null;

    /// <summary>Takes in that a call ended whose first answer was weighed.</summary>
    /// <param name="ordinal">The decision.</param>
    /// <param name="group">Of the first answer.</param>
    /// <param name="weighed">What was made of it.</param>
    /// <param name="firstUsd">What the first answer cost, USD.</param>
    /// <param name="secondUsd">What the answer cost that took its place, USD.</param>
    public void Weighed(long ordinal, string group, WeighedAnswer weighed, double firstUsd, double secondUsd)
    {
        _cascade.Considered(group, weighed.Signals);
        _weighed++;
        var escalated = weighed.Second is not null;
        if (escalated)
        {
            _escalated++;
            _firstUsd += firstUsd;
            _secondUsd += secondUsd;
        }

        var awaited = new AwaitedAnswer
        {
            Group = group,
            Quality = escalated ? weighed.SecondQuality : weighed.FirstQuality,
            Believed = 1 - weighed.Doubt,
            FirstUsd = firstUsd,
            IsEscalated = escalated,
            Signals = weighed.Signals,
        };
        if (!_awaited.TryAdd(ordinal, awaited))
        {
            return;
        }

        _order.Enqueue(ordinal);
        if (_order.Count > MostAwaited)
        {
            _awaited.Remove(_order.Dequeue());
        }
    }

    /// <summary>Learns from the first reward of an answer that the client saw. Later ones change nothing here: a step cannot be taken back.</summary>
    public void Rewarded(long ordinal, double reward)
    {
        if (!_awaited.TryGetValue(ordinal, out var awaited) || awaited.IsLearned)
        {
            return;
        }

        _rewarded++;
        _awaited[ordinal] = awaited with { IsLearned = true };
        if (awaited.IsEscalated)
        {
            _cascade.EscalatedRewarded(awaited.Group, awaited.Quality, awaited.Signals, reward);
        }
        else
        {
            _cascade.KeptRewarded(awaited.Group, awaited.Quality, awaited.Signals, reward);
        }
    }

    public void Rename(string from, string to) => Follow(arm => arm == from ? to : arm);

    /// <summary>Forgets groups of arms that are gone.</summary>
    public void Keep(IReadOnlyList<Arm> arms) => Follow(arm => arms.Any(one => one.Id == arm) ? arm : null);

    public void Write(StateWriter writer)
    {
        writer.Int(Settings.Models?.Count ?? -1);
        foreach (var model in Settings.Models ?? [])
        {
            writer.Text(model);
        }

        writer.Long(_weighed);
        writer.Long(_escalated);
        writer.Long(_rewarded);
        writer.Double(_firstUsd);
        writer.Double(_secondUsd);
        _cascade.Write(writer);
        writer.Int(_order.Count);
        foreach (var ordinal in _order)
        {
            writer.Long(ordinal);
            _awaited[ordinal].Write(writer);
        }
    }

    public static CascadeBook Read(ref StateReader reader)
    {
        var count = reader.Int();
        List<string>? models = count < 0 ? null : [];
        for (var left = count; left > 0; left--)
        {
            models!.Add(reader.Text());
        }

        var book = new CascadeBook(new CascadeSettings { Models = models })
        {
            _weighed = reader.Long(),
            _escalated = reader.Long(),
            _rewarded = reader.Long(),
            _firstUsd = reader.Double(),
            _secondUsd = reader.Double(),
            _cascade = Cascade.Read(ref reader),
        };
        for (var left = reader.Int(); left > 0; left--)
        {
            var ordinal = reader.Long();
            book._order.Enqueue(ordinal);
            book._awaited.Add(ordinal, AwaitedAnswer.Read(ref reader));
        }

        return book;
    }

    private void Follow(Func<string, string?> armNow)
    {
        string? GroupNow(string group)
        {
            var end = group.IndexOf(Mark, StringComparison.Ordinal);
            return end < 0 ? null : armNow(group[..end]) is { } arm ? arm + group[end..] : null;
        }

        _cascade.Follow(GroupNow);
        foreach (var ordinal in _order)
        {
            // A reward of an arm that is gone teaches what all groups share.
            _awaited[ordinal] = _awaited[ordinal] with { Group = GroupNow(_awaited[ordinal].Group) ?? _awaited[ordinal].Group };
        }
    }
}
