using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace MetaLlm.Gateway.Batches;

/// <summary>Answers one query of a batch: with the model that was planned, and with others where that fails or the money does not do; or as the query itself says.</summary>
/// <param name="batch">The batch.</param>
/// <param name="number">The query's number in the file, from 0.</param>
internal sealed class BatchCall(BatchRun batch, int number)
{
    private const int MostModels = 3;

    private readonly BatchLine _line = batch.Lines[number];
    private readonly BatchProgress _progress = batch.Progress;
    private readonly BatchPurse _purse = batch.Purse;
    private readonly BatchResult _result = new(batch.Progress.Job, number, batch.Lines[number]);

    /// <summary>Gives the query a result; it is in the progress when the call returns.</summary>
    /// <param name="forecast">What is predicted.</param>
    /// <param name="planned">The model; -1 where none can have the query.</param>
    /// <param name="cancellationToken">Ends it without a result.</param>
    public async Task RunAsync(BatchForecast forecast, int planned, CancellationToken cancellationToken)
    {
        if (planned < 0)
        {
            await RefuseAsync("no_model", $"No model can have the query: {forecast.Exclusions[number]}.").ConfigureAwait(false);
            return;
        }

        (BatchReply Reply, double CostUsd)? last = null;
        var (lastModel, asked) = ("", 0);
        foreach (var model in Candidates(forecast, planned))
        {
            var heldUsd = forecast.BoundsUsd[number][model];
            if (asked == MostModels || !await _purse.TryHoldAsync(heldUsd, cancellationToken).ConfigureAwait(false))
            {
                continue;
            }

            asked++;
            if (await AskAsync(forecast.Models[model], heldUsd, cancellationToken).ConfigureAwait(false) is not { } failed)
            {
                return;
            }

            (last, lastModel) = (failed, forecast.Models[model]);
        }

        if (last is { } shown)
        {
            await EndAsync(lastModel, shown.Reply, shown.CostUsd).ConfigureAwait(false);
            return;
        }

        await RefuseAsync("budget_exhausted", string.Create(
            CultureInfo.InvariantCulture, $"No model's answer is sure to fit what is left of the budget, {Math.Max(0, _purse.LeftUsd):0.######} USD; a lower max_tokens would help.")).ConfigureAwait(false);
    }

    /// <summary>As <see cref="RunAsync"/>, with whatever the query says of its model, and no limit of money.</summary>
    /// <param name="cancellationToken">Ends it without a result.</param>
    public async Task RunAsItIsAsync(CancellationToken cancellationToken)
    {
        await _purse.TryHoldAsync(0, cancellationToken).ConfigureAwait(false);
        if (await AskAsync(null, 0, cancellationToken).ConfigureAwait(false) is { } failed)
        {
            await EndAsync(null, failed.Reply, failed.CostUsd).ConfigureAwait(false);
        }
    }

    /// <summary>The last failure becomes the result; what it has cost was counted, and is shown there.</summary>
    private ValueTask EndAsync(string? model, BatchReply reply, double costUsd) =>
        _progress.EndAsync(number, 0, _result.Of(model ?? reply.Model, reply, costUsd, _progress.State(number).LostUsd(model ?? "", costUsd)));

    private ValueTask RefuseAsync(string code, string message) => _progress.RefuseAsync(number, lost => _result.Refused(code, message, lost));

    /// <summary>Calls a model until it answers, objects, or has failed too often. What was set aside for it is settled.</summary>
    /// <returns>The last failure; null where the query has its result.</returns>
    private async Task<(BatchReply Reply, double CostUsd)?> AskAsync(string? model, double heldUsd, CancellationToken cancellationToken)
    {
        var (name, body) = (model ?? "", _line.For(model));

        // A model's name need not fit into a header, and its place may change while the batch runs.
        var key = $"{_progress.Job}-{number}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..16]}";
        for (var attempt = 1; ; attempt++)
        {
            await _progress.BeginAsync(number, name, heldUsd).ConfigureAwait(false);
            var reply = await batch.Client.CallAsync(body, key, batch.EndOfCalls).ConfigureAwait(false);
            var cost = await CostAsync(reply, heldUsd).ConfigureAwait(false);

            // A replayed answer is that of a call of before to the same model, which had its cost and no other.
            var known = reply.IsReplayed ? _progress.State(number).Losses.GetValueOrDefault(name).UnknownUsd : 0;
            _purse.Settle(heldUsd, cost - known);
            if (reply.IsAnswer || !reply.MayComeAgain)
            {
                await _progress.EndAsync(number, cost - known, _result.Of(model ?? reply.Model, reply, cost, _progress.State(number).LostUsd(name, known))).ConfigureAwait(false);
                return null;
            }

            await _progress.FailAsync(number, name, cost, isUnknown: reply.Status is null).ConfigureAwait(false);
            if (attempt == BatchRetries.Most)
            {
                return (reply, cost);
            }

            await Task.Delay(BatchRetries.Pause(attempt, reply.RetryAfter), batch.Time, cancellationToken).ConfigureAwait(false);
            if (!await _purse.TryHoldAsync(heldUsd, cancellationToken).ConfigureAwait(false))
            {
                return (reply, cost);
            }
        }
    }

    /// <summary>What a call has cost, USD; where nobody says, what it can have cost at most.</summary>
    private async Task<double> CostAsync(BatchReply reply, double heldUsd)
    {
        if (reply.IsFree)
        {
            return 0;
        }

        if (reply.DecisionId is { } decision)
        {
            var cost = await batch.Client.FindCostAsync(decision, batch.EndOfCalls).ConfigureAwait(false);
            return double.IsNaN(cost) ? heldUsd : cost;
        }

        // Refused before a model was called: the request, the limits or the gateway's state did not admit it.
        return reply.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or < HttpStatusCode.InternalServerError ? 0 : heldUsd;
    }

    /// <summary>The planned model, then the others by what they are worth.</summary>
    private IEnumerable<int> Candidates(BatchForecast forecast, int planned)
    {
        var (predictions, caution) = (forecast.Predictions, batch.Goal.Caution);
        return Enumerable.Range(0, predictions.Arms)
            .Where(arm => arm != planned && predictions.CanAnswer(number, arm))
            .OrderByDescending(arm => predictions.Quality(number, arm) - (caution * predictions.Deviation(number, arm)))
            .Prepend(planned);
    }
}
