using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Guarantees;

/// <summary>
/// What is known of how often a candidate's answers differ within a topic. A few comparisons say whether it is worth a test; the test begins after them. A detector of Shiryaev and Roberts made
/// of e-values (Shin, Ramdas and Rinaldo 2022, arXiv 2203.03532) finds a rate that has risen above its bound; what was known is then dropped.
/// </summary>
internal sealed class CandidateCell
{
    /// <summary>Comparisons before a test may begin.</summary>
    public const int Screening = 12;

    // Comparisons until a false alarm, at least, on average. One costs comparisons, never the promise.
    private const double BetweenFalseAlarms = 1000;

    // Odds of a rate that has risen, over those of the bound.
    private const double SmallRise = 2;
    private const double LargeRise = 6;

    private double _smallRise;
    private double _largeRise;
    private double _alpha;
    private long _screened;
    private long _screenedDiffering;

    /// <summary>Comparisons of the test.</summary>
    public long Count { get; private set; }

    /// <summary>Those by which answers differ.</summary>
    public long Differing { get; private set; }

    /// <summary>How often what was known was dropped.</summary>
    public int Restarts { get; private set; }

    /// <summary>Requests that the candidate served.</summary>
    public long Served { get; private set; }

    /// <summary>Audits of those with a verdict.</summary>
    public long Audits { get; private set; }

    /// <summary>Audits by which the answers differ.</summary>
    public long AuditsDiffering { get; private set; }

    /// <summary>Whether a test runs.</summary>
    public bool IsTested => _alpha > 0;

    /// <summary>Whether enough is known to begin one.</summary>
    public bool IsScreened => _screened >= Screening;

    /// <summary>Whether it is asked again and again though no test runs.</summary>
    public bool IsOverdue => _screened >= 2 * Screening;

    /// <summary>The most that the rate is, with the probability of this test; 1 without one.</summary>
    public double Bound { get; private set; } = 1;

    /// <summary>A rate that is still well possible: what is hoped of the candidate.</summary>
    public double Hoped
    {
        get
        {
            var count = _screened + Count + 1;
            var mean = (_screenedDiffering + Differing + 0.5) / count;
            return Math.Max(0, mean - (1.5 * Math.Sqrt(mean * (1 - mean) / count)));
        }
    }

    /// <summary>Begins a test. Only what comes from now on is evidence, since what came before chose the candidate.</summary>
    /// <param name="alpha">Probability of being wrong ever.</param>
    public void Test(double alpha) => _alpha = alpha;

    /// <summary>Counts a request that the candidate serves.</summary>
    public void Serve() => Served++;

    /// <summary>Takes in a verdict.</summary>
    /// <param name="differs">Whether the answers differ.</param>
    /// <param name="isAudit">Whether the candidate had served.</param>
    /// <param name="leastRise">Least rate whose rise is looked for.</param>
    public void Observe(bool differs, bool isAudit, double leastRise)
    {
        Audits += isAudit ? 1 : 0;
        AuditsDiffering += isAudit && differs ? 1 : 0;
        if (!IsTested)
        {
            _screened++;
            _screenedDiffering += differs ? 1 : 0;
            return;
        }

        var bound = Math.Clamp(Bound, leastRise, 1 - 1e-9);
        _smallRise = Next(_smallRise, bound, SmallRise, differs);
        _largeRise = Next(_largeRise, bound, LargeRise, differs);
        Count++;
        Differing += differs ? 1 : 0;
        if ((_smallRise + _largeRise) / 2 >= BetweenFalseAlarms)
        {
            (_smallRise, _largeRise, _alpha, Count, Differing, _screened, _screenedDiffering, Bound) = (0, 0, 0, 0, 0, 0, 0, 1);
            Restarts++;
            return;
        }

        Bound = DifferenceBound.Upper(Count, Differing, _alpha);
    }

    public void Write(StateWriter writer)
    {
        writer.Long(_screened);
        writer.Long(_screenedDiffering);
        writer.Long(Count);
        writer.Long(Differing);
        writer.Int(Restarts);
        writer.Long(Served);
        writer.Long(Audits);
        writer.Long(AuditsDiffering);
        writer.Double(_alpha);
        writer.Double(_smallRise);
        writer.Double(_largeRise);
    }

    public static CandidateCell Read(ref StateReader reader)
    {
        var cell = new CandidateCell
        {
            _screened = reader.Long(),
            _screenedDiffering = reader.Long(),
            Count = reader.Long(),
            Differing = reader.Long(),
            Restarts = reader.Int(),
            Served = reader.Long(),
            Audits = reader.Long(),
            AuditsDiffering = reader.Long(),
            _alpha = reader.Double(),
            _smallRise = reader.Double(),
            _largeRise = reader.Double(),
        };
        if (cell.Count < 0 || cell.Differing < 0 || cell.Differing > cell.Count || !(cell._alpha is >= 0 and < 1))
        {
            throw new InvalidDataException($"Learned state is damaged: {cell.Differing} of {cell.Count} comparisons differ, with a probability of being wrong of {cell._alpha}.");
        }

        cell.Bound = cell.IsTested ? DifferenceBound.Upper(cell.Count, cell.Differing, cell._alpha) : 1;
        return cell;
    }

    // The likelihood ratio of a rate whose odds are higher by the factor; at most 1 on average while the rate is within the bound.
    private static double Next(double sum, double bound, double rise, bool differs) => (1 + sum) * (differs ? rise : 1) / (1 - bound + (rise * bound));
}
