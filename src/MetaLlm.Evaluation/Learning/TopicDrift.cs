using System.Numerics.Tensors;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Evaluation.Learning;

/// <summary>
/// Whether the newest third of the requests asks what earlier ones did not ask. Each request's novelty is the distance of its context to its third nearest neighbour of a part of the earlier ones. If nothing
/// has changed, newer and held-out earlier requests are exchangeable, so that as many of each are among the most novel fortieth, at least 25, as chance gives: a hypergeometric number.
/// </summary>
/// <param name="Earlier">Earlier requests that newer ones were held against.</param>
/// <param name="Newer">Newer requests that were looked at.</param>
/// <param name="Share">Share of the newer ones that are of a new kind, 0 to 1: how many are more novel than nearly all held-out earlier ones, less what chance gives.</param>
/// <param name="PValue">Probability of as many or more where nothing has changed and requests are independent of each other.</param>
/// <param name="Examples">Ids of up to three new decisions that are most like other new ones; empty where nothing is new.</param>
public sealed record TopicDrift(int Earlier, int Newer, double Share, double PValue, IReadOnlyList<string> Examples)
{
    /// <summary>Fewest decisions that say something.</summary>
    public const int Fewest = 300;

    private const double Significant = 1e-4;
    private const double LeastShare = 0.02;
    private const double MostNovel = 0.025;
    // Fewer could not be beyond chance, whatever they are.
    private const int LeastDrawn = 25;
    private const int Neighbours = 3;
    private const int MostExamples = 3;
    private const int MostReferences = 200;
    private const int MostScored = 500;

    /// <summary>Whether there is a new kind of requests: beyond chance, and at least a fiftieth of the newer ones.</summary>
    public bool IsNew => PValue <= Significant && Share >= LeastShare;

    /// <summary>Holds the newest third against the rest.</summary>
    /// <param name="decisions">Decisions by time. Those whose contexts have another schema than the newest one's are left out.</param>
    /// <returns>Null for fewer than <see cref="Fewest"/> decisions that can be compared.</returns>
    public static TopicDrift? Of(IReadOnlyList<StoredDecision> decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        var newest = decisions.Count > 0 ? decisions[^1].Decision : null;
        DecisionRecord[] known =
        [
            .. decisions.Select(one => one.Decision).Where(one => one.IsOfPolicy && one.Context.Length > 1 && one.FeatureSchema == newest!.FeatureSchema && one.Context.Length == newest.Context.Length),
        ];
        if (known.Length < Fewest)
        {
            return null;
        }

        var earlier = known.AsSpan(0, known.Length * 2 / 3);
        float[][] references = [.. Thin(Every(earlier, 3, 0), MostReferences).Select(one => one.Context)];
        DecisionRecord[] held = [.. Thin([.. Every(earlier, 3, 1), .. Every(earlier, 3, 2)], MostScored)];
        DecisionRecord[] newer = [.. Thin(known[earlier.Length..], MostScored)];
        var scored = held.Concat(newer)
            .Select((one, i) => (IsNew: i >= held.Length, Decision: one, Novelty: Novelty(one.Context, references), Tie: CounterRandom.Bits(1, (ulong)i)))
            .OrderByDescending(one => one.Novelty).ThenBy(one => one.Tie)
            .ToArray();
        var drawn = Math.Max(LeastDrawn, (int)Math.Ceiling(MostNovel * scored.Length));
        var probability = Tail(scored.Take(drawn).Count(one => one.IsNew), drawn, newer.Length, held.Length);

        // Beyond what all but a few of the held ones are, as many of the newer ones would be.
        var usual = scored.Where(one => !one.IsNew).ElementAt((int)(MostNovel * held.Length)).Novelty;
        DecisionRecord[] found = [.. scored.Where(one => one.IsNew && one.Novelty > usual).Select(one => one.Decision)];
        var share = Math.Max(0, (((double)found.Length / newer.Length) - MostNovel) / (1 - MostNovel));
        var drift = new TopicDrift(references.Length + held.Length, newer.Length, share, probability, []);
        return drift.IsNew ? drift with { Examples = Typical(found) } : drift;
    }

    private static List<DecisionRecord> Every(ReadOnlySpan<DecisionRecord> decisions, int step, int first)
    {
        var taken = new List<DecisionRecord>();
        for (var i = first; i < decisions.Length; i += step)
        {
            taken.Add(decisions[i]);
        }

        return taken;
    }

    private static IEnumerable<DecisionRecord> Thin(IReadOnlyList<DecisionRecord> decisions, int most)
    {
        var count = Math.Min(most, decisions.Count);
        return Enumerable.Range(0, count).Select(i => decisions[(int)((long)i * decisions.Count / count)]);
    }

    private static float Novelty(float[] context, float[][] references)
    {
        Span<float> nearest = stackalloc float[Neighbours];
        nearest.Fill(float.PositiveInfinity);
        foreach (var reference in references)
        {
            var distance = TensorPrimitives.Distance<float>(context, reference);
            for (var k = 0; k < Neighbours; k++)
            {
                if (distance < nearest[k])
                {
                    (nearest[k], distance) = (distance, nearest[k]);
                }
            }
        }

        return nearest[^1];
    }

    // P(at least as many of the newer ones among those drawn).
    private static double Tail(int found, int drawn, int newer, int held)
    {
        var (sum, all) = (0.0, LogChoose(newer + held, drawn));
        for (var k = Math.Max(found, drawn - held); k <= Math.Min(drawn, newer); k++)
        {
            sum += Math.Exp(LogChoose(newer, k) + LogChoose(held, drawn - k) - all);
        }

        return Math.Min(1, sum);
    }

    private static double LogChoose(int n, int k)
    {
        var sum = 0.0;
        for (var i = 1; i <= k; i++)
        {
            sum += Math.Log((n - k + i) / (double)i);
        }

        return sum;
    }

    // Odd requests are far from everything; those of a new kind are near each other.
    private static IReadOnlyList<string> Typical(DecisionRecord[] found)
    {
        float[][] contexts = [.. found.Select(one => one.Context)];
        return [.. found.Select((one, i) => (one.DecisionId, Apart: Novelty(contexts[i], [.. contexts.Where((_, other) => other != i)])))
            .OrderBy(one => one.Apart).ThenBy(one => one.DecisionId, StringComparer.Ordinal).Take(MostExamples).Select(one => one.DecisionId)];
    }
}
