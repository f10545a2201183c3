using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.MixLlm;

/// <summary>
/// MixLLM's tag-enhanced embedding without its labels and its fine-tuning: a query belongs to the domain of its task tag, else to the nearest of a
/// few clusters learned from traffic, and its vector is pulled a part of the way to that domain's centroid. What is enhanced is the embedding,
/// or the structural features where there is none.
/// </summary>
internal sealed class DomainTags
{
    private const double CentroidPrior = 20;

    private readonly int _clusters;
    private readonly int _firstTask;
    private readonly int _tasks;
    private readonly int _start;
    private readonly int _length;
    private readonly double _pull;
    private readonly double[] _sums;
    private readonly double[] _sizes;
    private readonly double[] _enhanced;

    /// <param name="setup">Layout of the context.</param>
    /// <param name="clusters">Domains of untagged queries.</param>
    /// <param name="pull">Share of the way to the centroid, 0 to 1.</param>
    public DomainTags(PolicySetup setup, int clusters, double pull)
    {
        var blocks = setup.Blocks;
        _clusters = clusters;
        _pull = pull;
        _firstTask = blocks.Bias + blocks.Structural;
        _tasks = blocks.Task;
        (_start, _length) = blocks.Embedding > 0 ? (_firstTask + blocks.Task + blocks.Language, blocks.Embedding) : (blocks.Bias, blocks.Structural);
        _sums = new double[(_tasks + clusters) * _length];
        _sizes = new double[_tasks + clusters];
        _enhanced = new double[setup.Dimension];
    }

    /// <summary>The enhanced context; valid until the next call.</summary>
    public ReadOnlySpan<double> Enhance(ReadOnlySpan<double> x)
    {
        x.CopyTo(_enhanced);
        if (Domain(x) is var domain and >= 0)
        {
            var weight = _pull / (_sizes[domain] + CentroidPrior);
            var part = _enhanced.AsSpan(_start, _length);
            var share = weight * _sizes[domain];
            for (var j = 0; j < part.Length; j++)
            {
                part[j] += (weight * Sum(domain)[j]) - (share * part[j]);
            }
        }

        return _enhanced;
    }

    /// <summary>Moves the centroids towards one more query: that of its tag, and that of the nearest cluster.</summary>
    public void Observe(ReadOnlySpan<double> x)
    {
        if (_length == 0)
        {
            return;
        }

        if (Task(x) is var task and >= 0)
        {
            Add(task, x);
        }

        Add(_tasks + Cluster(x, orEmpty: true), x);
    }

    public void Write(StateWriter writer)
    {
        writer.Doubles(_sizes);
        writer.Doubles(_sums);
    }

    public void Read(ref StateReader reader)
    {
        reader.Doubles(_sizes.AsSpan());
        reader.Doubles(_sums.AsSpan());
    }

    private int Domain(ReadOnlySpan<double> x)
    {
        if (Task(x) is var task and >= 0 && _sizes[task] > 0)
        {
            return task;
        }

        var cluster = _length == 0 ? -1 : Cluster(x, orEmpty: false);
        return cluster < 0 ? -1 : _tasks + cluster;
    }

    private int Task(ReadOnlySpan<double> x)
    {
        for (var j = 0; j < _tasks; j++)
        {
            if (x[_firstTask + j] > 0)
            {
                return j;
            }
        }

        return -1;
    }

    // Sequential k-means: the first queries open the clusters.
    private int Cluster(ReadOnlySpan<double> x, bool orEmpty)
    {
        var (nearest, smallest) = (-1, double.PositiveInfinity);
        for (var c = 0; c < _clusters; c++)
        {
            var size = _sizes[_tasks + c];
            if (size == 0)
            {
                return orEmpty ? c : nearest;
            }

            var distance = 0.0;
            var sum = Sum(_tasks + c);
            for (var j = 0; j < _length; j++)
            {
                var gap = x[_start + j] - (sum[j] / size);
                distance += gap * gap;
            }

            if (distance < smallest)
            {
                (nearest, smallest) = (c, distance);
            }
        }

        return nearest;
    }

    private void Add(int domain, ReadOnlySpan<double> x)
    {
        _sizes[domain]++;
        Kernels.MultiplyAdd(x.Slice(_start, _length), 1, Sum(domain));
    }

    private Span<double> Sum(int domain) => _sums.AsSpan(domain * _length, _length);
}
