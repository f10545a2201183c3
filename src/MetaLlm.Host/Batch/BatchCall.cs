using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace MetaLlm.Host.Batch;

/// <summary>Answers one query of a batch: with the model that was planned, and with others where that fails or the money does not do.</summary>
/// <param name="client">The gateway.</param>
/// <param name="line">The query.</param>
/// <param name="number">Its number in the file, from 0.</param>
/// <param name="progress">Is told of each call.</param>
/// <param name="purse">The batch's money.</param>
/// <param name="forecast">What is predicted.</param>
/// <param name="caution">Deviations that predictions are taken to be lower.</param>
internal sealed class BatchCall(
    BatchClient client, BatchLine line, int number, BatchProgress progress, BatchPurse purse, BatchForecast forecast, double caution)
{
    private const int MostModels = 3;

    private readonly BatchResult _result = new(progress.Job, number, line);

    /// <summary>Gives the query a result; it is in the progress when the call returns.</summary>
    /// <param name="planned">The model; -1 where none can have the query.</param>
    /// <param name="cancellationToken">Ends it without a result.</param>
    public async Task RunAsync(int planned, CancellationToken cancellationToken)
    {
        if (planned < 0)
        {
            Refuse("no_model", $"No model can have the query: {forecast.Exclusions[number]}.");
            return;
        }

        (BatchReply Reply, double CostUsd)? last = null;
        var lastModel = "";
        var asked = 0;
        foreach (var model in Candidates(planned))
        {
            if (asked == MostModels || !await purse.TryHoldAsync(forecast.BoundsUsd[number][model], cancellationToken))
            {
                continue;
            }

            asked++;
            if (await AskAsync(model, cancellationToken) is not { } failed)
            {
                return;
            }

            (last, lastModel) = (failed, forecast.Models[model]);
        }

        if (last is { } shown)
        {
            progress.End(number, 0, _result.Of(lastModel, shown.Reply, shown.CostUsd, progress.Losses(number).Usd(lastModel, shown.CostUsd)));
            return;
        }

        Refuse("budget_exhausted", string.Create(
            CultureInfo.InvariantCulture, $"No model's answer is sure to fit what is left of the budget, {Math.Max(0, purse.LeftUsd):0.######} USD; a lower max_tokens would help."));
    }

    private void Refuse(string code, string message)
    {
        if (progress.FindBegun(number) is { } begun)
        {
            progress.Fail(number, begun.Model, begun.HeldUsd, isUnknown: true);
        }

        progress.End(number, 0, _result.Refused(code, message, progress.Losses(number).Usd()));
    }

    /// <summary>Calls a model until it answers, objects, or has failed too often. What was set aside for it is settled.</summary>
    /// <returns>The last failure; null where the query has its result.</returns>
    private async Task<(BatchReply Reply, double CostUsd)?> AskAsync(int model, CancellationToken cancellationToken)
    {
        var (name, held) = (forecast.Models[model], forecast.BoundsUsd[number][model]);
        var body = line.For(name);

        // A model's name need not fit into a header, and its place may change while the batch runs.
        var key = $"{progress.Job}-{number}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16]}";
        for (var attempt = 1; ; attempt++)
        {
            progress.Begin(number, name, held);
            var reply = await client.ChatAsync(body, key, cancellationToken);
            var cost = await CostAsync(reply, held, cancellationToken);
            var losses = progress.Losses(number);

            // A replayed answer is that of a call of before to the same model, which had its cost and no other.
            var known = reply.IsReplayed ? losses.UnknownUsd(name) : 0;
            var counted = cost - known;
            purse.Settle(held, counted);
            if (reply.IsAnswer || !reply.MayComeAgain)
            {
                progress.End(number, counted, _result.Of(name, reply, cost, losses.Usd(name, known)));
                return null;
            }

            progress.Fail(number, name, counted, isUnknown: reply.Status is null);
            if (attempt == BatchRetries.Most)
            {
                return (reply, cost);
            }

            await Task.Delay(BatchRetries.Pause(attempt, reply.RetryAfter), cancellationToken);
            if (!await purse.TryHoldAsync(held, cancellationToken))
            {
                return (reply, cost);
            }
        }
    }

    /// <summary>What a call has cost, USD; where nobody says, what it can have cost at most.</summary>
    private async Task<double> CostAsync(BatchReply reply, double heldUsd, CancellationToken cancellationToken)
    {
        if (reply.IsFree)
        {
            return 0;
        }

        if (reply.DecisionId is { } decision)
        {
            var cost = await client.FindCostAsync(decision, cancellationToken);
            return double.IsNaN(cost) ? heldUsd : cost;
        }

        // Refused before a model was called: the request, the limits or the gateway's state did not admit it.
        return reply.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or < HttpStatusCode.InternalServerError ? 0 : heldUsd;
    }

    /// <summary>The planned model, then the others by what they are worth.</summary>
    private IEnumerable<int> Candidates(int planned)
    {
        var predictions = forecast.Predictions;
        return Enumerable.Range(0, predictions.Arms)
            .Where(arm => arm != planned && predictions.CanAnswer(number, arm))
            .OrderByDescending(arm => predictions.Quality(number, arm) - (caution * predictions.Deviation(number, arm)))
            .Prepend(planned);
    }
}
