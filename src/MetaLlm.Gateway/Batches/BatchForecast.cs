using System.Text.Json.Nodes;
using MetaLlm.Core.Batches;

namespace MetaLlm.Gateway.Batches;

/// <summary>What the gateway predicts of a batch's queries.</summary>
/// <param name="Models">The models, in the order of the predictions' arms.</param>
/// <param name="Predictions">Predictions; a model that a query may not have cannot answer it.</param>
/// <param name="BoundsUsd">By query and model, the most that the call can cost, USD.</param>
/// <param name="Exclusions">By query, why no model can have it; empty where one can.</param>
internal sealed record BatchForecast(IReadOnlyList<string> Models, BatchPredictions Predictions, double[][] BoundsUsd, string[] Exclusions)
{
    // As many as a call may ask for, and small enough for every gateway's bodies.
    private const int MostAtOnce = 64;
    private const int MostBytes = 32 * 1024;

    /// <summary>Asks for all queries of a file.</summary>
    /// <exception cref="BatchException">The gateway refuses, or does not answer.</exception>
    public static async Task<BatchForecast> AskAsync(BatchClient client, IReadOnlyList<BatchLine> lines, CancellationToken cancellationToken)
    {
        var assessed = new List<JsonArray>(lines.Count);
        while (assessed.Count < lines.Count)
        {
            var (some, bytes) = (new List<BatchLine>(), 0);
            foreach (var line in lines.Skip(assessed.Count).Take(MostAtOnce))
            {
                bytes += line.Body.Length;
                if (some.Count > 0 && bytes > MostBytes)
                {
                    break;
                }

                some.Add(line);
            }

            assessed.AddRange(await client.AssessAsync(some, cancellationToken).ConfigureAwait(false));
        }

        return Of(assessed);
    }

    /// <summary>Index of a model; -1 for one that is unknown now.</summary>
    public int IndexOf(string model)
    {
        for (var i = 0; i < Models.Count; i++)
        {
            if (Models[i] == model)
            {
                return i;
            }
        }

        return -1;
    }

    private static BatchForecast Of(List<JsonArray> assessed)
    {
        string[] models = [.. assessed.SelectMany(arms => arms.Select(arm => (string)arm!["id"]!)).Distinct()];
        if (models.Length == 0)
        {
            throw new BatchException("the tenant has no models.", isOfGateway: true);
        }

        var predictions = new BatchPredictions(assessed.Count, models.Length);
        var bounds = assessed.Select(_ => new double[models.Length]).ToArray();
        var exclusions = new string[assessed.Count];
        for (var query = 0; query < assessed.Count; query++)
        {
            var left = new List<string>();
            foreach (var arm in assessed[query].Select(arm => arm!.AsObject()))
            {
                var (id, exclusion) = ((string)arm["id"]!, (string?)arm["exclusion"]);
                var index = Array.IndexOf(models, id);
                if (exclusion is not null)
                {
                    left.Add($"{id}: {exclusion}");
                    continue;
                }

                var bound = (double?)arm["bound_usd"] ?? 0;
                bounds[query][index] = bound;
                predictions.Set(query, index, (double?)arm["quality"] ?? 0, (double?)arm["quality_deviation"] ?? 0, (double?)arm["cost_usd"] ?? bound);
            }

            exclusions[query] = left.Count == assessed[query].Count ? string.Join("; ", left) : "";
        }

        return new BatchForecast(models, predictions, bounds, exclusions);
    }
}
