using MetaLlm.Core.Guarantees;

namespace MetaLlm.Lab.Replay.Guarantees;

/// <summary>What a guarantee kept and saved; the report file.</summary>
internal sealed record GuaranteeReport
{
    /// <summary>Name of the data set.</summary>
    public required string Data { get; init; }

    /// <summary>What was promised.</summary>
    public required GuaranteeSettings Promise { get; init; }

    /// <summary>Number of seeds.</summary>
    public required int Seeds { get; init; }

    /// <summary>Requests per seed.</summary>
    public required int Queries { get; init; }

    /// <summary>Mean over seeds of the cost, questions beside included, over that of the reference alone.</summary>
    public required double CostShare { get; init; }

    /// <summary>How many times cheaper that is.</summary>
    public required double TimesCheaper { get; init; }

    /// <summary>The cost share of the last quarter of the requests, when most is proven.</summary>
    public required double LateCostShare { get; init; }

    /// <summary>The part of <see cref="CostShare"/> that questions beside cost.</summary>
    public required double BesideShare { get; init; }

    /// <summary>Least cost share of a mix by topic that keeps the promise, known in hindsight.</summary>
    public required double HindsightCostShare { get; init; }

    /// <summary>Mean over seeds of the share of answers that differed.</summary>
    public required double Differing { get; init; }

    /// <summary>The same of the seed in which most differed.</summary>
    public required double MostDiffering { get; init; }

    /// <summary>Seeds in which the rate of differing was above the promise after any request.</summary>
    public required int Violations { get; init; }

    /// <summary>Seeds at whose end more had differed than was certified.</summary>
    public required int CertificateMisses { get; init; }

    /// <summary>Mean over seeds of the certified bound.</summary>
    public required double Certified { get; init; }

    /// <summary>Mean score, and that of the reference.</summary>
    public required double Score { get; init; }

    /// <summary>Mean score of the reference.</summary>
    public required double ReferenceScore { get; init; }

    /// <summary>Certificate of the first seed.</summary>
    public required GuaranteeCertificate Certificate { get; init; }

    /// <summary>Ids of the candidates of the certificate.</summary>
    public required IReadOnlyList<string> Candidates { get; init; }

    /// <summary>Sums up the seeds.</summary>
    public static GuaranteeReport Of(string data, GuaranteeSettings promise, int queries, GuaranteePlayer player, IReadOnlyList<GuaranteeOutcome> seeds)
    {
        var share = seeds.Average(s => (s.ServedUsd + s.BesideUsd) / s.ReferenceUsd);
        return new GuaranteeReport
        {
            Data = data,
            Promise = promise,
            Seeds = seeds.Count,
            Queries = queries,
            CostShare = share,
            TimesCheaper = 1 / share,
            LateCostShare = seeds.Average(s => s.LateShare),
            BesideShare = seeds.Average(s => s.BesideUsd / s.ReferenceUsd),
            HindsightCostShare = player.HindsightUsd() / seeds.Average(s => s.ReferenceUsd),
            Differing = seeds.Average(s => s.Differing),
            MostDiffering = seeds.Max(s => s.Differing),
            Violations = seeds.Count(s => s.Violated),
            CertificateMisses = seeds.Count(s => s.ExpectedDiffering > s.Certificate.Total.Bound),
            Certified = seeds.Average(s => s.Certificate.Total.Bound),
            Score = seeds.Average(s => s.Score),
            ReferenceScore = seeds.Average(s => s.ReferenceScore),
            Certificate = seeds[0].Certificate,
            Candidates = player.Candidates,
        };
    }

    /// <summary>The figures as a table.</summary>
    public TextTable Table()
    {
        static string Text(double number) => number.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture);
        var table = new TextTable("reference", "promised", "differing", "most", "certified", "violations", "misses", "cost share", "times cheaper", "last quarter", "beside", "hindsight", "score", "its score");
        table.Add(
            Promise.Reference, Text(Promise.Difference), Text(Differing), Text(MostDiffering), Text(Certified), $"{Violations}/{Seeds}", $"{CertificateMisses}/{Seeds}",
            Text(CostShare), Text(TimesCheaper), Text(LateCostShare), Text(BesideShare), Text(HindsightCostShare), Text(Score), Text(ReferenceScore));
        return table;
    }
}
