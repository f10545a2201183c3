using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Judging;

/// <summary>
/// What a tenant's journal says of its judges: their verdicts, and beside them what people said first of the same answers. Corrections and withdrawals are passed over, so that an observation stays what it was.
/// </summary>
internal sealed class JudgeBook
{
    /// <summary>Most versions of judges that are remembered; the one longest without a verdict goes first.</summary>
    public const int MostJudges = 16;

    /// <summary>Most models that are kept apart; further ones are left out.</summary>
    private const int MostModels = 256;

    private readonly SortedDictionary<string, Page> _pages = new(StringComparer.Ordinal);

    /// <summary>Whether there was a verdict ever.</summary>
    public bool IsEmpty => _pages.Count == 0;

    /// <summary>Takes in a reward that has verdicts: it is made of them, or a person's first word on an answer that they were about.</summary>
    public void Rewarded(RewardedEvent rewarded)
    {
        foreach (var verdict in JudgeVerdict.Decode(rewarded.Verdicts))
        {
            if (!rewarded.IsVerdict)
            {
                if (!rewarded.Withdrawn && _pages.TryGetValue(verdict.Name, out var known))
                {
                    known.Paired(verdict, rewarded.Decision.ServedArm, rewarded.Reward);
                }

                continue;
            }

            if (!_pages.TryGetValue(verdict.Name, out var page))
            {
                if (_pages.Count == MostJudges)
                {
                    _pages.Remove(_pages.MinBy(other => other.Value.LastSequence).Key);
                }

                _pages[verdict.Name] = page = new Page(verdict.Judge, verdict.Version);
            }

            page.Judged(verdict, rewarded.Decision.ServedArm, rewarded.Sequence);
        }
    }

    /// <summary>An arm has another id from now on.</summary>
    public void Rename(string from, string to)
    {
        foreach (var page in _pages.Values)
        {
            page.Rename(from, to);
        }
    }

    public IReadOnlyList<JudgeReport> Report() => [.. _pages.Values.Select(page => page.Report())];

    public void Write(StateWriter writer)
    {
        writer.Int(_pages.Count);
        foreach (var page in _pages.Values)
        {
            page.Write(writer);
        }
    }

    public static JudgeBook Read(ref StateReader reader)
    {
        var book = new JudgeBook();
        var count = reader.Int();
        if (count is < 0 or > MostJudges)
        {
            throw new InvalidDataException($"Learned state is damaged: {count} judges; 0 to {MostJudges} are legal.");
        }

        for (; count > 0; count--)
        {
            var page = Page.Read(ref reader);
            book._pages[JudgeVerdict.NameOf(page.Judge, page.Version)] = page;
        }

        return book;
    }

    private sealed class Page(string judge, int version)
    {
        private const double Alpha = 0.05;

        private readonly SortedDictionary<string, (VerdictMoments All, VerdictMoments Pairs)> _arms = new(StringComparer.Ordinal);
        private Rollout.MeanSequence _error = new();
        private long _compared;
        private long _firstWon;
        private long _secondWon;

        public string Judge => judge;

        public int Version => version;

        public long LastSequence { get; private set; }

        public void Judged(JudgeVerdict verdict, string arm, long sequence)
        {
            LastSequence = sequence;
            if (verdict.Position is { } position)
            {
                _compared++;
                _firstWon += position == 1 ? 1 : 0;
                _secondWon += position == -1 ? 1 : 0;
            }

            if (Find(arm) is { } of)
            {
                _arms[arm] = (of.All.With(verdict.Score, 0, verdict.Inclusion), of.Pairs);
            }
        }

        public void Paired(JudgeVerdict verdict, string arm, double reward)
        {
            _error.Observe(Math.Abs(verdict.Score - reward), Alpha);
            if (Find(arm) is { } of)
            {
                _arms[arm] = (of.All, of.Pairs.With(verdict.Score, reward, verdict.Inclusion));
            }
        }

        public void Rename(string from, string to)
        {
            if (_arms.Remove(from, out var moments))
            {
                _arms[to] = _arms.TryGetValue(to, out var there) ? (moments.All.Plus(there.All), moments.Pairs.Plus(there.Pairs)) : moments;
            }
        }

        public JudgeReport Report() => new()
        {
            Judge = judge,
            Version = version,
            Arms = [.. _arms.Select(arm => new JudgeArmReport(arm.Key, arm.Value.All, arm.Value.Pairs))],
            Error = _error.Mean,
            ErrorLow = _error.Lower(Alpha),
            ErrorHigh = _error.Upper(Alpha),
            Compared = _compared,
            FirstWon = _firstWon,
            SecondWon = _secondWon,
        };

        public void Write(StateWriter writer)
        {
            writer.Text(judge);
            writer.Int(version);
            writer.Long(LastSequence);
            writer.Long(_compared);
            writer.Long(_firstWon);
            writer.Long(_secondWon);
            _error.Write(writer);
            writer.Int(_arms.Count);
            foreach (var (arm, (all, pairs)) in _arms)
            {
                writer.Text(arm);
                all.Write(writer);
                pairs.Write(writer);
            }
        }

        public static Page Read(ref StateReader reader)
        {
            var page = new Page(reader.Text(), reader.Int())
            {
                LastSequence = reader.Long(), _compared = reader.Long(), _firstWon = reader.Long(), _secondWon = reader.Long(), _error = Rollout.MeanSequence.Read(ref reader),
            };
            for (var left = reader.Int(); left > 0; left--)
            {
                var arm = reader.Text();
                page._arms[arm] = (VerdictMoments.Read(ref reader), VerdictMoments.Read(ref reader));
            }

            return page;
        }

        private (VerdictMoments All, VerdictMoments Pairs)? Find(string arm) =>
            _arms.TryGetValue(arm, out var known) ? known : _arms.Count < MostModels ? (VerdictMoments.None, VerdictMoments.None) : null;
    }
}
