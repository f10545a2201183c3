using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Cascades;

/// <summary>
/// Small first: looks at an answer before it leaves, and lets another model take over where the expected gain is worth the second call's money and time. A pure fold. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// Two calibrated probabilities are learned from the rewards of what clients saw: that the first model is right given what its answer shows, and that the second is, given what the first one's
/// answer shows, since a question on which one is in doubt is harder for the other as well. The router has weighed both models before the first call. So an answer that shows no more doubt than
/// is usual in its group leaves: without signals that tell something, nothing is ever escalated.
/// </remarks>
public sealed class Cascade
{
    // By how much the logit of being right must be below what is usual.
    private const double UnusualDoubt = 0.1;

    // Of the answers that would be escalated, those that leave all the same, so that doubt is measured where it is great.
    private const double KeptShare = 0.02;

    // What is usual follows about as many answers.
    private const int UsualMemory = 500;

    // Slopes of the first model's own signals may be steep; what they say of another model is less.
    private readonly CalibratedQuality _first = new(signalVariance: 9);
    private readonly CalibratedQuality _second = new(signalVariance: 2);
    private SortedDictionary<string, UsualSignals> _usual = new(StringComparer.Ordinal);

    /// <summary>Weighs an answer. Changes nothing.</summary>
    /// <param name="group">Answers that are alike: the first model and the topic.</param>
    /// <param name="firstQuality">Predicted reward of the first model before it answered, 0 to 1.</param>
    /// <param name="signals">What its answer shows.</param>
    /// <param name="seconds">Who may take over.</param>
    /// <param name="prices">What is weighed against quality.</param>
    /// <param name="draw">A uniform number in [0, 1) that depends on nothing else.</param>
    /// <exception cref="ArgumentOutOfRangeException">A signal is outside its range.</exception>
    public CascadeChoice Consider(string group, double firstQuality, in AnswerSignals signals, ReadOnlySpan<SecondModel> seconds, in CascadePrices prices, double draw)
    {
        ArgumentNullException.ThrowIfNull(group);
        Span<double> shown = stackalloc double[AnswerSignals.Count];
        signals.Fill(shown);
        var right = _first.Probability(group, firstQuality, shown);
        var (best, value, gain) = (CascadeChoice.Keep, 0.0, 0.0);
        for (var i = 0; i < seconds.Length; i++)
        {
            // Only a call tells what the second model makes of doubtful questions: it is given the benefit of what is not known yet.
            var more = _second.Hoped(group, seconds[i].Quality, shown) - right;
            var worth = (prices.Quality * more) - (prices.PerUsd * seconds[i].CostUsd) - (prices.PerSecond * seconds[i].LatencySeconds);
            if (worth > value)
            {
                (best, value, gain) = (i, worth, more);
            }
        }

        if (best == CascadeChoice.Keep || !IsUnusual(group, shown))
        {
            return new CascadeChoice(CascadeChoice.Keep, 1 - right, gain, 1);
        }

        return draw < KeptShare ? new CascadeChoice(CascadeChoice.Keep, 1 - right, gain, KeptShare) : new CascadeChoice(best, 1 - right, gain, 1 - KeptShare);
    }

    /// <summary>Takes in that an answer was weighed, whatever came of it.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="signals">What it showed.</param>
    public void Considered(string group, in AnswerSignals signals)
    {
        ArgumentNullException.ThrowIfNull(group);
        Span<double> shown = stackalloc double[AnswerSignals.Count];
        signals.Fill(shown);
        if (!_usual.TryGetValue(group, out var usual))
        {
            if (_usual.Count >= CalibratedQuality.MostGroups)
            {
                return;
            }

            usual = _usual[group] = new UsualSignals();
        }

        usual.Observe(shown, UsualMemory);
    }

    /// <summary>Learns from the reward of an answer that left.</summary>
    /// <param name="group">Its group.</param>
    /// <param name="firstQuality">As it was given to <see cref="Consider"/>.</param>
    /// <param name="signals">What the answer showed.</param>
    /// <param name="reward">0 to 1.</param>
    public void KeptRewarded(string group, double firstQuality, in AnswerSignals signals, double reward) => Learn(_first, group, firstQuality, signals, reward);

    /// <summary>Learns from the reward of the answer of a model that took over.</summary>
    /// <param name="group">Group of the first answer.</param>
    /// <param name="secondQuality">Predicted reward of the model that took over.</param>
    /// <param name="signals">What the first answer showed.</param>
    /// <param name="reward">0 to 1.</param>
    public void EscalatedRewarded(string group, double secondQuality, in AnswerSignals signals, double reward) => Learn(_second, group, secondQuality, signals, reward);

    /// <summary>Groups have other names from now on; a group without one is forgotten.</summary>
    internal void Follow(Func<string, string?> nameNow)
    {
        _first.Follow(nameNow);
        _second.Follow(nameNow);
        _usual = Follow(_usual, nameNow);
    }

    internal static SortedDictionary<string, T> Follow<T>(SortedDictionary<string, T> groups, Func<string, string?> nameNow)
    {
        var followed = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (group, kept) in groups)
        {
            if (nameNow(group) is { } name)
            {
                followed[name] = kept;
            }
        }

        return followed;
    }

    /// <summary>Writes everything that was learned.</summary>
    public void Write(StateWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Section("cascade");
        _first.Write(writer);
        _second.Write(writer);
        writer.Int(_usual.Count);
        foreach (var (group, usual) in _usual)
        {
            writer.Text(group);
            usual.Write(writer);
        }
    }

    /// <summary>Restores what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static Cascade Read(ref StateReader reader)
    {
        var cascade = new Cascade();
        reader.Expect("cascade");
        cascade._first.Read(ref reader);
        cascade._second.Read(ref reader);
        var count = reader.Int();
        if (count is < 0 or > CalibratedQuality.MostGroups)
        {
            throw new InvalidDataException($"Learned state is damaged: {count} groups of answers, where at most {CalibratedQuality.MostGroups} can be.");
        }

        for (var i = 0; i < count; i++)
        {
            var group = reader.Text();
            cascade._usual.Add(group, UsualSignals.Read(ref reader));
        }

        return cascade;
    }

    private bool IsUnusual(string group, ReadOnlySpan<double> shown) =>
        _usual.TryGetValue(group, out var usual) && _first.Evidence(group, shown) < _first.Evidence(group, usual.Mean) - UnusualDoubt;

    private static void Learn(CalibratedQuality quality, string group, double predicted, in AnswerSignals signals, double reward)
    {
        ArgumentNullException.ThrowIfNull(group);
        if (!(reward is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(reward), reward, "A reward must be 0 to 1.");
        }

        Span<double> shown = stackalloc double[AnswerSignals.Count];
        signals.Fill(shown);
        quality.Observe(group, predicted, shown, reward);
    }
}
