using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Guarantees;

/// <summary>Requests of one topic: what they cost by arm, who served them, and what comparisons said.</summary>
internal sealed class TopicEvidence
{
    // Mean costs follow prices and lengths of about as many requests.
    private const int CostMemory = 256;

    private readonly double[] _costs;

    /// <param name="name">The topic.</param>
    /// <param name="candidates">Number of candidates.</param>
    /// <param name="alpha">Probability that the bound of what was served is ever wrong.</param>
    public TopicEvidence(string name, int candidates, double alpha)
        : this(name, alpha, new double[candidates + 1], Cells(candidates))
    {
    }

    private TopicEvidence(string name, double alpha, double[] costs, CandidateCell[] cells) => (Name, Alpha, _costs, Candidates) = (name, alpha, costs, cells);

    public string Name { get; }

    public double Alpha { get; }

    public CandidateCell[] Candidates { get; }

    /// <summary>Requests of late; they fade.</summary>
    public double Weight { get; set; }

    public long Requests { get; private set; }

    public long Diverted { get; private set; }

    public long Audits { get; private set; }

    public long Lost { get; private set; }

    public long Pending { get; private set; }

    public long Differing { get; private set; }

    /// <summary>Whom the mix lets serve, and the share of requests in which the second one does.</summary>
    public (int First, int Second, double SecondShare) Mix { get; set; } = (GuaranteePlan.Reference, GuaranteePlan.Reference, 0);

    /// <summary>Mean cost of a candidate, or of the reference, USD.</summary>
    public double Cost(int arm) => _costs[arm + 1];

    public void Served(in GuaranteePlan plan, double referenceUsd, ReadOnlySpan<double> candidateUsd)
    {
        Requests++;
        Weight++;
        var step = 1.0 / Math.Min(Requests, CostMemory);
        _costs[0] += step * (referenceUsd - _costs[0]);
        for (var i = 0; i < candidateUsd.Length; i++)
        {
            _costs[i + 1] += step * (candidateUsd[i] - _costs[i + 1]);
        }

        if (plan.Arm != GuaranteePlan.Reference)
        {
            Diverted++;
            Candidates[plan.Arm].Serve();
            Pending += plan.Beside is null ? 0 : 1;
        }
    }

    public void Verdict(in GuaranteePlan plan, bool? differs, double least)
    {
        if (plan.Arm != GuaranteePlan.Reference)
        {
            Pending = Math.Max(0, Pending - 1);
            Audits += differs is null ? 0 : 1;
            Lost += differs is null ? 1 : 0;
            Differing += differs == true ? 1 : 0;
        }

        if (differs is { } verdict)
        {
            Candidates[plan.Compared].Observe(verdict, plan.Arm != GuaranteePlan.Reference, least);
        }
    }

    public ServedDifference Report(double auditShare) =>
        new(Name, Requests, Diverted, Audits, Differing, ServedBound(Requests, Diverted, Audits, Lost, Pending, Differing, auditShare, Alpha));

    /// <summary>The most that the mean probability of a different answer was. A verdict that is still to come counts as one that says so.</summary>
    public static double ServedBound(long requests, long diverted, long audits, long lost, long pending, long differing, double auditShare, double alpha)
    {
        if (diverted == 0)
        {
            return 0;
        }

        // Audits without a verdict are as if the coin had fallen otherwise.
        var share = audits + lost == 0 ? auditShare : auditShare * Math.Max(audits, 1) / (audits + lost);
        return DifferenceBound.Upper(diverted, Math.Min(diverted, differing + pending), share, alpha) * diverted / requests;
    }

    /// <summary>The same among other candidates; who serves is found out anew.</summary>
    /// <param name="from">Which candidate each was; -1 for one that is new.</param>
    public TopicEvidence Rearranged(ReadOnlySpan<int> from)
    {
        var (costs, cells) = (new double[from.Length + 1], Cells(from.Length));
        costs[0] = _costs[0];
        for (var i = 0; i < from.Length; i++)
        {
            if (from[i] >= 0)
            {
                (costs[i + 1], cells[i]) = (_costs[from[i] + 1], Candidates[from[i]]);
            }
        }

        return new TopicEvidence(Name, Alpha, costs, cells)
        {
            Weight = Weight, Requests = Requests, Diverted = Diverted, Audits = Audits, Lost = Lost, Pending = Pending, Differing = Differing,
        };
    }

    public void Write(StateWriter writer)
    {
        writer.Text(Name);
        writer.Doubles(_costs);
        writer.Double(Weight);
        writer.Long(Requests);
        writer.Long(Diverted);
        writer.Long(Audits);
        writer.Long(Lost);
        writer.Long(Pending);
        writer.Long(Differing);
        writer.Int(Mix.First);
        writer.Int(Mix.Second);
        writer.Double(Mix.SecondShare);
        foreach (var cell in Candidates)
        {
            cell.Write(writer);
        }
    }

    public static TopicEvidence Read(ref StateReader reader, int candidates, double alpha)
    {
        var name = reader.Text();
        var costs = new double[candidates + 1];
        reader.Doubles(costs);
        var topic = new TopicEvidence(name, alpha, costs, new CandidateCell[candidates])
        {
            Weight = reader.Double(),
            Requests = reader.Long(),
            Diverted = reader.Long(),
            Audits = reader.Long(),
            Lost = reader.Long(),
            Pending = reader.Long(),
            Differing = reader.Long(),
            Mix = (reader.Int(), reader.Int(), reader.Double()),
        };
        for (var i = 0; i < candidates; i++)
        {
            topic.Candidates[i] = CandidateCell.Read(ref reader);
        }

        return topic;
    }

    private static CandidateCell[] Cells(int candidates)
    {
        var cells = new CandidateCell[candidates];
        for (var i = 0; i < candidates; i++)
        {
            cells[i] = new CandidateCell();
        }

        return cells;
    }
}
