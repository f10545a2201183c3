using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Clusters;

/// <summary>
/// Spherical k-means: unit vectors, centroids normalised, distance by cosine. Fitted to rows at once (k-means++ seeding from a fixed stream of
/// random numbers, then Lloyd's steps), or online, where the first vectors become centroids and later ones draw the nearest by 1 / n (MacQueen).
/// </summary>
/// <param name="dimension">Length of a vector.</param>
/// <param name="clusters">Most clusters, at least 1.</param>
internal sealed class ClusterMap(int dimension, int clusters)
{
    private const int LloydSteps = 20;
    private const int RowsPerCluster = 20;
    private const double SameAs = 0.999;
    private const ulong Seed = 0x6b6d65616e73;

    private readonly double[] _sums = new double[clusters * dimension];
    private readonly double[] _centroids = new double[clusters * dimension];
    private readonly double[] _sizes = new double[clusters];
    private bool _fitted;

    /// <summary>Clusters in use.</summary>
    public int Count { get; private set; }

    /// <summary>Cosine of a vector and a centroid.</summary>
    public double Similarity(int cluster, ReadOnlySpan<double> vector) => Kernels.Dot(vector, Centroid(cluster));

    /// <summary>The most similar cluster; -1 without any.</summary>
    public int Nearest(ReadOnlySpan<double> vector)
    {
        var (nearest, highest) = (-1, double.NegativeInfinity);
        for (var c = 0; c < Count; c++)
        {
            var similarity = Similarity(c, vector);
            if (similarity > highest)
            {
                (nearest, highest) = (c, similarity);
            }
        }

        return nearest;
    }

    /// <summary>Learns from one more vector, unless rows have fixed the clusters.</summary>
    public void Observe(ReadOnlySpan<double> vector)
    {
        if (_fitted)
        {
            return;
        }

        var nearest = Nearest(vector);
        if (Count < clusters && (nearest < 0 || Similarity(nearest, vector) < SameAs))
        {
            nearest = Count++;
        }

        _sizes[nearest]++;
        Kernels.MultiplyAdd(vector, 1, Sum(nearest));
        Normalise(nearest);
    }

    /// <summary>Fits to rows and fixes the clusters; few rows give few clusters.</summary>
    public void Fit(double[][] vectors)
    {
        _fitted = true;
        Sow(vectors, Math.Clamp(vectors.Length / RowsPerCluster, 1, clusters));
        var assigned = new int[vectors.Length];
        for (var step = 0; step < LloydSteps; step++)
        {
            var moved = false;
            for (var i = 0; i < vectors.Length; i++)
            {
                var nearest = Nearest(vectors[i]);
                moved |= nearest != assigned[i] || step == 0;
                assigned[i] = nearest;
            }

            if (!moved)
            {
                return;
            }

            Gather(vectors, assigned);
        }
    }

    public void Write(StateWriter writer)
    {
        writer.Bool(_fitted);
        writer.Int(Count);
        writer.Doubles(_sizes);
        writer.Doubles(_sums.AsSpan(0, Count * dimension));
        writer.Doubles(_centroids.AsSpan(0, Count * dimension));
    }

    public void Read(ref StateReader reader)
    {
        _fitted = reader.Bool();
        Count = reader.Int();
        if (Count < 0 || Count > clusters)
        {
            throw new InvalidDataException($"Learned state does not fit: 0 to {clusters} clusters expected, {Count} found.");
        }

        reader.Doubles(_sizes);
        reader.Doubles(_sums.AsSpan(0, Count * dimension));
        reader.Doubles(_centroids.AsSpan(0, Count * dimension));
    }

    // Each next seed is drawn in proportion to its squared distance from the seeds so far (Arthur and Vassilvitskii 2007).
    private void Sow(double[][] vectors, int wanted)
    {
        var distance = new double[vectors.Length];
        Array.Fill(distance, 1);
        for (Count = 0; Count < wanted;)
        {
            var total = distance.Sum();
            if (!(total > 1e-9))
            {
                break;
            }

            var draw = CounterRandom.Uniform(Seed, (ulong)Count) * total;
            var chosen = 0;
            while (chosen < vectors.Length - 1 && draw >= distance[chosen])
            {
                draw -= distance[chosen++];
            }

            vectors[chosen].CopyTo(Sum(Count));
            _sizes[Count] = 1;
            Normalise(Count);
            Count++;
            for (var i = 0; i < vectors.Length; i++)
            {
                var gap = Math.Max(0, 1 - Similarity(Count - 1, vectors[i]));
                distance[i] = Math.Min(distance[i], gap * gap);
            }
        }
    }

    private void Gather(double[][] vectors, int[] assigned)
    {
        Array.Clear(_sums);
        Array.Clear(_sizes);
        for (var i = 0; i < vectors.Length; i++)
        {
            Kernels.MultiplyAdd(vectors[i], 1, Sum(assigned[i]));
            _sizes[assigned[i]]++;
        }

        for (var c = 0; c < Count; c++)
        {
            // An empty cluster keeps its place; it may win rows in the next step.
            if (_sizes[c] > 0)
            {
                Normalise(c);
            }
        }
    }

    private void Normalise(int cluster)
    {
        var sum = Sum(cluster);
        var length = Math.Sqrt(Kernels.Dot(sum, sum));
        var centroid = Centroid(cluster);
        for (var j = 0; j < centroid.Length; j++)
        {
            centroid[j] = length > 0 ? sum[j] / length : 0;
        }
    }

    private Span<double> Sum(int cluster) => _sums.AsSpan(cluster * dimension, dimension);

    private Span<double> Centroid(int cluster) => _centroids.AsSpan(cluster * dimension, dimension);
}
