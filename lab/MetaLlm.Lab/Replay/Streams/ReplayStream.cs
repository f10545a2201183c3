namespace MetaLlm.Lab.Replay.Streams;

/// <summary>The rows of one seed's run, as indices into the data set.</summary>
/// <param name="Train">Warm-start rows; they are not in the stream.</param>
/// <param name="Requests">The stream in its order: first what is burnt in, then what is scored.</param>
/// <param name="BurnIn">How many requests at the head of the stream are not scored.</param>
internal sealed record ReplayStream(int[] Train, int[] Requests, int BurnIn)
{
    /// <summary>Rows that an arm which joins is asked; never scored ones.</summary>
    public int[] Quiz { get; init; } = [];

    /// <summary>The scored rows, in the order of the stream.</summary>
    public ReadOnlySpan<int> Scored => Requests.AsSpan(BurnIn);
}
