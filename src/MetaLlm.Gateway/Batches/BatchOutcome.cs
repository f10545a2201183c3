using System.Text.Json.Nodes;

namespace MetaLlm.Gateway.Batches;

/// <summary>What became of a query, read once from the line of its result.</summary>
/// <param name="IsAnswer">Whether a model has answered.</param>
/// <param name="Model">The model of the call that the line shows; null where there was none.</param>
/// <param name="CostUsd">What that call has cost, USD.</param>
/// <param name="LostUsd">By model, USD that other calls of the query have cost.</param>
internal sealed record BatchOutcome(bool IsAnswer, string? Model, double CostUsd, IReadOnlyDictionary<string, double> LostUsd)
{
    private static readonly Dictionary<string, double> Nothing = [];

    /// <summary>Reads a line.</summary>
    /// <param name="result">The line, as <see cref="BatchResult"/> writes it.</param>
    public static BatchOutcome Of(JsonObject result)
    {
        var own = result["metallm"];
        return new BatchOutcome(
            (int?)result["response"]?["status_code"] == 200,
            (string?)own?["model"],
            (double?)own?["cost_usd"] ?? 0,
            own?["lost_usd"]?.AsObject().ToDictionary(lost => lost.Key, lost => (double)lost.Value!) ?? Nothing);
    }
}
