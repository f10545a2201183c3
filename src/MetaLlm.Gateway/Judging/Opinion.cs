namespace MetaLlm.Gateway.Judging;

/// <summary>What a judge says of an answer.</summary>
/// <param name="Score">0 to 1.</param>
/// <param name="Position">Of a comparison in both orders: 1 where the first place won both, -1 where the second did, else 0; null for no comparison.</param>
internal readonly record struct Opinion(double Score, int? Position = null);
