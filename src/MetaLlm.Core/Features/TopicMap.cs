using System.Numerics.Tensors;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Features;

/// <summary>
/// Tags of the router's own for traffic that carries none: soft memberships in topics, the centres of a k-means clustering of
/// structure and reduced embedding together. Membership falls with the squared distance to a centre, in units of the topics' own spread.
/// </summary>
/// <remarks>Immutable. k-means++ (Arthur and Vassilvitskii 2007), then Lloyd's iterations; draws are fixed, so equal rows give equal bits.</remarks>
internal sealed class TopicMap
{
    private const int Iterations = 12;

    // Memberships fall by e^-4 over one mean squared distance: nearly hard, yet without a jump from one query to the next.
    private const float Sharpness = 4;
    private const ulong DrawKey = 0x746F706963;

    private readonly float[] _centres;
    private readonly float _inverseSpread;

    private TopicMap(int count, int length, float[] centres, float inverseSpread)
    {
        Count = count;
        Length = length;
        _centres = centres;
        _inverseSpread = inverseSpread;
    }

    /// <summary>Number of topics.</summary>
    public int Count { get; }

    /// <summary>Length of the vectors that are assigned.</summary>
    public int Length { get; }

    /// <summary>Clusters rows of equal length.</summary>
    /// <returns>Null when there are fewer than four rows a topic, or they do not vary.</returns>
    public static TopicMap? Fit(IReadOnlyList<float[]> rows, int count)
    {
        if (rows.Count < 4 * count)
        {
            return null;
        }

        var length = rows[0].Length;
        var centres = Seed(rows, count, length);
        var owner = new int[rows.Count];
        var spread = 0.0;
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            spread = 0;
            for (var i = 0; i < owner.Length; i++)
            {
                owner[i] = Nearest(rows[i], centres, length, count, out var distance);
                spread += distance / owner.Length;
            }

            Recentre(rows, owner, centres, length, count);
        }

        return spread > 1e-9 ? new TopicMap(count, length, centres, (float)(1 / spread)) : null;
    }

    /// <summary>Takes back what <see cref="Constants"/> gave; null for an empty array.</summary>
    /// <exception cref="InvalidDataException">The length fits no clustering of that many topics.</exception>
    public static TopicMap? FromConstants(float[] constants, int count, int length) =>
        constants.Length == 0 ? null
        : constants.Length == 1 + (count * length) ? new TopicMap(count, length, constants[1..], constants[0])
        : throw new InvalidDataException($"Learned state does not fit: {1 + (count * length)} topic constants expected, {constants.Length} found.");

    /// <summary>1 / spread, then the centres.</summary>
    public float[] Constants() => [_inverseSpread, .. _centres];

    /// <summary>Memberships: at least 0, summing to 1.</summary>
    /// <param name="point">What is assigned; <see cref="Length"/> entries.</param>
    /// <param name="destination">Receives <see cref="Count"/> entries.</param>
    public void Apply(ReadOnlySpan<float> point, Span<float> destination)
    {
        var nearest = float.PositiveInfinity;
        for (var k = 0; k < Count; k++)
        {
            destination[k] = Distance(point, _centres.AsSpan(k * Length, Length)) * _inverseSpread;
            nearest = Math.Min(nearest, destination[k]);
        }

        var sum = 0f;
        for (var k = 0; k < Count; k++)
        {
            destination[k] = MathF.Exp(Sharpness * (nearest - destination[k]));
            sum += destination[k];
        }

        for (var k = 0; k < Count; k++)
        {
            destination[k] /= sum;
        }
    }

    private static float[] Seed(IReadOnlyList<float[]> rows, int count, int length)
    {
        var centres = new float[count * length];
        rows[0].CopyTo(centres.AsSpan());
        var nearest = rows.Select(r => (double)Distance(r, centres.AsSpan(0, length))).ToArray();
        for (var k = 1; k < count; k++)
        {
            var mark = CounterRandom.Uniform(DrawKey, (ulong)k) * nearest.Sum();
            var chosen = 0;
            for (var i = 0; i < nearest.Length && mark >= 0; i++)
            {
                mark -= nearest[i];
                chosen = i;
            }

            rows[chosen].CopyTo(centres.AsSpan(k * length));
            for (var i = 0; i < nearest.Length; i++)
            {
                nearest[i] = Math.Min(nearest[i], Distance(rows[i], centres.AsSpan(k * length, length)));
            }
        }

        return centres;
    }

    private static void Recentre(IReadOnlyList<float[]> rows, int[] owner, float[] centres, int length, int count)
    {
        var sums = new double[count * length];
        var sizes = new int[count];
        for (var i = 0; i < owner.Length; i++)
        {
            sizes[owner[i]]++;
            for (var j = 0; j < length; j++)
            {
                sums[(owner[i] * length) + j] += rows[i][j];
            }
        }

        for (var k = 0; k < count; k++)
        {
            for (var j = 0; j < length && sizes[k] > 0; j++)
            {
                centres[(k * length) + j] = (float)(sums[(k * length) + j] / sizes[k]);
            }
        }
    }

    private static int Nearest(float[] row, float[] centres, int length, int count, out double distance)
    {
        var best = 0;
        var least = float.PositiveInfinity;
        for (var k = 0; k < count; k++)
        {
            var d = Distance(row, centres.AsSpan(k * length, length));
            if (d < least)
            {
                (best, least) = (k, d);
            }
        }

        distance = least;
        return best;
    }

    private static float Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var d = TensorPrimitives.Distance(a, b);
        return d * d;
    }
}
