namespace MetaLlm.Embeddings.Onnx;

/// <summary>Groups token sequences of similar length, so that little of a padded batch is padding.</summary>
internal static class LengthSortedBatches
{
    /// <summary>Batches beyond this size gain nothing more per text and only make others wait.</summary>
    public const int LargestBatch = 16;

    private const double MostPadding = 0.25;

    /// <summary>Indexes of <paramref name="lengths"/> in batches; longest texts first.</summary>
    public static List<int[]> Split(IReadOnlyList<int> lengths)
    {
        var order = Enumerable.Range(0, lengths.Count).OrderByDescending(i => lengths[i]).ToArray();
        var batches = new List<int[]>();
        for (var first = 0; first < order.Length;)
        {
            var width = lengths[order[first]];
            var tokens = 0;
            var end = first;
            while (end < order.Length && end - first < LargestBatch && IsDense(tokens + lengths[order[end]], width * (end - first + 1)))
            {
                tokens += lengths[order[end++]];
            }

            batches.Add(order[first..end]);
            first = end;
        }

        return batches;
    }

    private static bool IsDense(int tokens, int padded) => tokens >= padded * (1 - MostPadding);
}
