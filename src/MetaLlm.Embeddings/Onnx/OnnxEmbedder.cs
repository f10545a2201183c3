using System.Collections.Concurrent;
using MetaLlm.Embeddings.Models;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Embeddings.Onnx;

/// <summary>Runs an ONNX model on the CPU.</summary>
/// <remarks>
/// A fixed number of threads of its own does the native work, so callers never block the thread pool and never use more
/// cores than given. A worker that finds several texts waiting runs them as one batch; nobody waits for a batch to fill.
/// </remarks>
public sealed class OnnxEmbedder : IEmbedder, IDisposable
{
    private readonly EmbeddingModel _model;
    private readonly EmbeddingNetwork _network;
    private readonly BlockingCollection<EmbeddingJob> _queue = [];
    private readonly SemaphoreSlim _room;
    private readonly Thread[] _workers;
    private int _disposed;

    /// <summary>Loads the network and starts the workers.</summary>
    /// <param name="model">The model to run.</param>
    /// <param name="threads">Texts embedded at the same time, 1 to 256; one core each.</param>
    /// <param name="queueCapacity">Most texts and batches that may wait, 1 to 1,000,000; further callers wait until there is room.</param>
    /// <exception cref="InvalidModelException">The network cannot be loaded or does not fit its manifest.</exception>
    public OnnxEmbedder(EmbeddingModel model, int threads, int queueCapacity = EmbeddingsOptions.DefaultQueueCapacity)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, EmbeddingsOptions.MostThreads);
        ArgumentOutOfRangeException.ThrowIfLessThan(queueCapacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(queueCapacity, EmbeddingsOptions.LargestQueueCapacity);
        _model = model;
        _room = new SemaphoreSlim(queueCapacity);
        _network = new EmbeddingNetwork(model);
        _workers = new Thread[threads];
        for (var i = 0; i < threads; i++)
        {
            _workers[i] = new Thread(Work) { IsBackground = true, Name = $"embedder {i}" };
            _workers[i].Start();
        }
    }

    /// <inheritdoc />
    public EmbeddingModelInfo Model => _model.Info;

    /// <inheritdoc />
    public async ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        cancellationToken.ThrowIfCancellationRequested();
        var vectors = await RunAsync([Encode(text)], cancellationToken).ConfigureAwait(false);
        return vectors[0];
    }

    /// <inheritdoc />
    public async ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        cancellationToken.ThrowIfCancellationRequested();
        var sequences = texts.Select(Encode).ToArray();
        var vectors = new float[texts.Count][];
        // Each batch is queued only when a worker is free of this caller's batches, so that others are served in between.
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _workers.Length, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(LengthSortedBatches.Split([.. sequences.Select(s => s.Length)]), parallel, async (batch, cancelled) =>
        {
            var results = await RunAsync([.. batch.Select(i => sequences[i])], cancelled).ConfigureAwait(false);
            for (var i = 0; i < batch.Length; i++)
            {
                vectors[batch[i]] = results[i];
            }
        }).ConfigureAwait(false);
        return vectors;
    }

    /// <summary>Lets running native calls end, fails what still waits, and frees the session.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _queue.CompleteAdding();
        foreach (var worker in _workers)
        {
            worker.Join();
        }

        // The first who waits for room finds that there is no embedder any more, and tells the next.
        _room.Release();
        _queue.Dispose();
        _network.Dispose();
    }

    private long[] Encode(string text) => _model.Tokenizer.Encode(_model.Manifest.Prefix + text);

    private async ValueTask<float[][]> RunAsync(long[][] sequences, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (Volatile.Read(ref _disposed) != 0)
        {
            _room.Release();
            throw new ObjectDisposedException(nameof(OnnxEmbedder));
        }

        var job = new EmbeddingJob(sequences, cancellationToken);
        try
        {
            _queue.Add(job, CancellationToken.None);
        }
        catch (InvalidOperationException e)
        {
            // Closed between the check and here.
            _room.Release();
            job.Fail(new ObjectDisposedException(nameof(OnnxEmbedder), e));
        }

        return await job.Vectors.ConfigureAwait(false);
    }

    private void Work()
    {
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            // Its share of what waits, so that one worker does not batch what another could run at the same time.
            var share = Math.Min(LengthSortedBatches.LargestBatch, 1 + _queue.Count / _workers.Length);
            var jobs = new List<EmbeddingJob> { first };
            var texts = first.Sequences.Count;
            while (texts < share && _queue.TryTake(out var next))
            {
                jobs.Add(next);
                texts += next.Sequences.Count;
            }

            _room.Release(jobs.Count);
            Run(jobs);
        }
    }

    private void Run(List<EmbeddingJob> jobs)
    {
        foreach (var cancelled in jobs.Where(job => job.IsCancelled))
        {
            cancelled.Drop();
        }

        jobs.RemoveAll(job => job.IsCancelled);
        try
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
            RunTogether(jobs);
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to the callers; a worker lives on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (var job in jobs)
            {
                job.Fail(e);
            }
        }
    }

    private void RunTogether(List<EmbeddingJob> jobs)
    {
        var sequences = jobs.SelectMany(job => job.Sequences).ToArray();
        var vectors = new float[sequences.Length][];
        foreach (var batch in LengthSortedBatches.Split([.. sequences.Select(sequence => sequence.Length)]))
        {
            var results = _network.Run([.. batch.Select(i => sequences[i])]);
            for (var i = 0; i < batch.Length; i++)
            {
                vectors[batch[i]] = results[i];
            }
        }

        var offset = 0;
        foreach (var job in jobs)
        {
            job.Complete(vectors[offset..(offset + job.Sequences.Count)]);
            offset += job.Sequences.Count;
        }
    }
}
