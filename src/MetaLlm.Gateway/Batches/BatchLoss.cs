namespace MetaLlm.Gateway.Batches;

/// <summary>What calls of a query to one model have cost that did not become its result.</summary>
/// <param name="Usd">USD in all.</param>
/// <param name="UnknownUsd">USD of it that were counted for calls of which nothing is known: an answer that comes later under the same key is that of such a call.</param>
internal readonly record struct BatchLoss(double Usd, double UnknownUsd);
