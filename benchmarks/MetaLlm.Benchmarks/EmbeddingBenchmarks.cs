using BenchmarkDotNet.Attributes;
using MetaLlm.Core.Features;
using MetaLlm.Embeddings;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaLlm.Benchmarks;

/// <summary>What a query costs before its tenant is asked.</summary>
public class EmbeddingBenchmarks
{
    private const string Short = "Which of the two answers is right, and why?";
    private static readonly string Long = string.Concat(Enumerable.Repeat("A train leaves the station at noon and travels north at a steady speed. ", 12));
    private readonly float[] _structural = new float[StructuralFeatures.Count];
    private IEmbedder _embedder = null!;

    [GlobalSetup]
    public void Open() => _embedder = EmbedderFactory.Create(new EmbeddingsOptions(), NullLogger.Instance);

    [GlobalCleanup]
    public void Close() => (_embedder as IDisposable)?.Dispose();

    [Benchmark]
    public async Task<float[]> EmbedShort() => await _embedder.EmbedAsync(Short, CancellationToken.None).ConfigureAwait(false);

    [Benchmark]
    public async Task<float[]> EmbedLong() => await _embedder.EmbedAsync(Long, CancellationToken.None).ConfigureAwait(false);

    [Benchmark]
    public float ExtractStructural()
    {
        StructuralFeatures.Extract(Long, _structural);
        return _structural[0];
    }
}
