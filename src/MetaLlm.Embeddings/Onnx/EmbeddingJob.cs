namespace MetaLlm.Embeddings.Onnx;

/// <summary>Token sequences that wait for a worker, and the promise of their vectors.</summary>
internal sealed class EmbeddingJob(IReadOnlyList<long[]> sequences, CancellationToken cancellationToken)
{
    // Continuations must not run on the worker's thread: it belongs to the native runtime.
    private readonly TaskCompletionSource<float[][]> _vectors = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<long[]> Sequences => sequences;

    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    /// <summary>Ends when the vectors are there, or at once when the caller cancels.</summary>
    public Task<float[][]> Vectors => _vectors.Task.WaitAsync(cancellationToken);

    public void Complete(float[][] vectors) => _vectors.TrySetResult(vectors);

    public void Fail(Exception error) => _vectors.TrySetException(error);

    public void Drop() => _vectors.TrySetCanceled(cancellationToken);
}
