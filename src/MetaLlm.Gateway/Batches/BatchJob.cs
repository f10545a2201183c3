using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Http;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Batches;

/// <summary>One claim of a batch: brings it from wherever it stands to its end, for as long as the claim holds.</summary>
internal sealed partial class BatchJob : IDisposable
{
    // A claim survives two renewals that fail.
    private const int RenewalsOfLease = 3;
    private const int MostProblems = 100;

    // Attempts in a row that a defect ends without a result, each a lease after the one before.
    private const int MostDefects = 5;
    private const int MostQueries = 50_000;

    private readonly BatchServices _services;
    private readonly string _owner;
    private readonly CancellationToken _stopping;
    private readonly CancellationTokenSource _stop;
    private StoredBatch _batch;
    private BatchDocument _document;
    private BatchProgress? _progress;
    private List<BatchLine> _lines = [];
    private volatile bool _isLost;
    private volatile bool _isCancelled;

    /// <param name="services">What jobs share.</param>
    /// <param name="batch">The batch, claimed.</param>
    /// <param name="owner">The claim.</param>
    /// <param name="stopping">The host stops; the batch is let go, and another goes on.</param>
    public BatchJob(BatchServices services, StoredBatch batch, string owner, CancellationToken stopping)
    {
        (_services, _batch, _owner, _stopping) = (services, batch, owner, stopping);
        _document = BatchDocument.Of(batch);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _isCancelled = batch.CancelledAt is not null;
    }

    private IBatchStore Store => _services.Store!;

    /// <summary>Whether it is the job of a batch.</summary>
    public bool IsOf(StoredBatch batch) => batch.Tenant == _batch.Tenant && batch.Id == _batch.Id;

    /// <summary>Begins nothing new; what runs comes to its end.</summary>
    public void Cancel()
    {
        _isCancelled = true;
        _stop.Cancel();
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Runs it.</summary>
    /// <exception cref="EngineUnavailableException">The store is away; the batch goes on after it was claimed again.</exception>
    public async Task RunAsync()
    {
        using var ended = new CancellationTokenSource();
        var holding = HoldAsync(ended.Token);
        try
        {
            await StepAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_isLost)
        {
            // Another host goes on with it.
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            await Store.ReleaseAsync(_batch.Tenant, _batch.Id, _owner, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // A defect in one batch must not end the others. Whatever it is, it is counted, and the last one ends the batch.
        catch (Exception e) when (e is not EngineUnavailableException)
#pragma warning restore CA1031
        {
            await CountDefectAsync(e).ConfigureAwait(false);
        }
        finally
        {
            await ended.CancelAsync().ConfigureAwait(false);
            await holding.ConfigureAwait(false);
        }
    }

    private async Task StepAsync()
    {
        BatchProblem? refusal = null;
        try
        {
            if (_isCancelled || _services.Time.GetUtcNow() >= _document.ExpiresAt)
            {
                await _stop.CancelAsync().ConfigureAwait(false);
            }

            if (await ReadAsync().ConfigureAwait(false) is not { } read)
            {
                return;
            }

            _lines = read;
            await WorkAsync(_lines).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested && !_isLost && !_stopping.IsCancellationRequested)
        {
            // It was asked to stop, or its time is over.
        }
        catch (BatchException e)
        {
            refusal = new BatchProblem(e.IsOfGateway ? "refused" : "budget_too_low", e.Message);
        }
        catch (ApiException e) when (e.Error.Code == ErrorCode.FileNotFound)
        {
            // Its file was deleted. What was answered before is paid, and stays.
            refusal = new BatchProblem(e.Error.Code.Name, e.Message);
        }

        await FinishAsync(refusal).ConfigureAwait(false);
    }

    /// <summary>Leaves the batch to whoever claims it when the lease has ended, or fails it where that has come to nothing too often.</summary>
    private async Task CountDefectAsync(Exception defect)
    {
        var done = _progress?.Count().Done ?? _document.DoneAtDefect;
        var defects = done > _document.DoneAtDefect ? 1 : _document.Defects + 1;
        LogDefect(_services.Logger, defect, _batch.Id, _batch.Tenant, defects, MostDefects);
        try
        {
            if (defects < MostDefects)
            {
                await SaveAsync(_document with { Defects = defects, DoneAtDefect = done }).ConfigureAwait(false);
                return;
            }

            await FailAsync(new BatchProblem(ErrorCode.InternalError.Name, $"The gateway failed {MostDefects} times in a row; its log says more.")).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The claim is another's, or the host stops: who goes on comes to the same.
        }
    }

    /// <summary>Ends the batch with the answers that it has, or without them where they cannot be written.</summary>
    private async Task FailAsync(BatchProblem problem)
    {
        try
        {
            await FinishAsync(problem).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // What keeps the files from being written may be the defect itself.
        catch (Exception e) when (e is not EngineUnavailableException and not OperationCanceledException)
#pragma warning restore CA1031
        {
            LogUnwritten(_services.Logger, e, _batch.Id, _batch.Tenant);
            await EndAsync(Ended() with { Status = BatchStatus.Failed, Problems = [problem] }).ConfigureAwait(false);
        }
    }

    /// <returns>The queries; null where they cannot be used, and the batch has failed.</returns>
    private async Task<List<BatchLine>?> ReadAsync()
    {
        var known = new Dictionary<int, BatchLineState>();
        for (var page = await PageAsync(0).ConfigureAwait(false); page.Count > 0; page = await PageAsync(page[^1].Number + 1).ConfigureAwait(false))
        {
            foreach (var line in page)
            {
                known[line.Number] = BatchLineState.Of(BatchJson.Read(line.State));
            }
        }

        _progress = new BatchProgress(_batch.Id["batch_".Length..], known, SaveLineAsync);
        var problems = new List<BatchProblem>();
        var file = await _services.Files.ReadAsync(_batch.Tenant, _document.Input, _stopping).ConfigureAwait(false);
        var lines = new BatchLines(_document.Endpoint, needsEnvelope: true, MostQueries).Read(file, (line, problem) =>
        {
            if (problems.Count < MostProblems)
            {
                problems.Add(line == 0 ? new BatchProblem("invalid_file", $"The file {problem}") : new BatchProblem("invalid_line", $"Line {line}: {problem}", line));
            }
        });
        if (problems.Count == 0)
        {
            return lines;
        }

        await EndAsync(_document with { Status = BatchStatus.Failed, Problems = problems }).ConfigureAwait(false);
        return null;
    }

    private async Task WorkAsync(List<BatchLine> lines)
    {
        if (_document.Status == BatchStatus.Validating)
        {
            await SaveAsync(_document with { Status = BatchStatus.InProgress, Total = lines.Count, InProgressAt = _services.Time.GetUtcNow() }).ConfigureAwait(false);
        }

        var client = new BatchClient(_services.Calls.Of(_batch.Tenant, _document.Key, _stop.Token), _document.Endpoint, _services.Time);
        var goal = new BatchGoal(_document.BudgetUsd ?? double.PositiveInfinity, _document.MinQuality, Caution: 0);
        var run = new BatchRun(client, lines, _progress!, goal, _services.Settings.Current.Batches.Concurrency) { Time = _services.Time, EndOfCalls = _stopping };
        if (!_document.IsPlanned)
        {
            await run.RunAsItIsAsync(_stop.Token).ConfigureAwait(false);
            return;
        }

        if (_progress!.Count().Done == lines.Count)
        {
            return;
        }

        var forecast = await BatchForecast.AskAsync(client, lines, _stop.Token).ConfigureAwait(false);
        var schedule = run.Schedule(forecast);
        if (schedule.Open == lines.Count && _progress.Begun.Count == 0 && schedule.LeastCostUsd is var least && least > goal.BudgetUsd)
        {
            throw new BatchException(FormattableString.Invariant($"'metallm.budgetUsd' is {goal.BudgetUsd}; the cheapest plan is expected to cost {least:0.######} USD."));
        }

        await run.RunAsync(forecast, schedule, _ => { }, _stop.Token).ConfigureAwait(false);
    }

    /// <summary>Writes the files, and says how it ended.</summary>
    private async Task FinishAsync(BatchProblem? refusal)
    {
        var now = _services.Time.GetUtcNow();
        var (done, _) = _progress?.Count() ?? (0, 0);
        var isWhole = done == _lines.Count && _lines.Count > 0;
        var status = refusal is not null ? BatchStatus.Failed : isWhole ? BatchStatus.Completed : _isCancelled ? BatchStatus.Cancelled : BatchStatus.Expired;
        await SaveAsync(Ended() with { Status = BatchStatus.Finalizing, FinalizingAt = now }).ConfigureAwait(false);
        var (output, errors, unanswered) = await new BatchFiles(_services, _batch).WriteAsync(_lines, status == BatchStatus.Expired, _stopping).ConfigureAwait(false);
        var counted = Ended();
        await EndAsync(counted with
        {
            Status = status,
            Output = output,
            Errors = errors,
            Failed = counted.Failed + unanswered,
            Problems = refusal is null ? [] : [refusal],
        }).ConfigureAwait(false);
    }

    private BatchDocument Counted()
    {
        if (_progress is null)
        {
            return _document;
        }

        var (done, answered) = _progress.Count();
        return _document with { Completed = answered, Failed = done - answered, SpentUsd = ApiJson.Usd(_progress.SpentUsd) };
    }

    /// <summary>As <see cref="Counted"/> once no call runs: one that has begun and not ended counts with the most that it can have cost, for nothing more will be heard of it.</summary>
    private BatchDocument Ended() => _progress is null ? _document : Counted() with { SpentUsd = ApiJson.Usd(_progress.SpentUsd + _progress.HeldUsd) };

    private async Task HoldAsync(CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            var lease = _services.Settings.Current.Batches.Lease;
            await Task.Delay(lease / RenewalsOfLease, _services.Time, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested)
            {
                return;
            }

            try
            {
                var now = _services.Time.GetUtcNow();
                var held = await Store.RenewAsync(_batch.Tenant, _batch.Id, _owner, now + lease, CancellationToken.None).ConfigureAwait(false);
                if (held is null)
                {
                    Lose();
                }
                else if (held.CancelledAt is not null)
                {
                    Cancel();
                }
                else if (now >= _document.ExpiresAt)
                {
                    await _stop.CancelAsync().ConfigureAwait(false);
                }
                else if (_document.Status == BatchStatus.InProgress)
                {
                    await Store.SaveAsync(_batch with { Document = Counted().ToJson() }, _owner, CancellationToken.None).ConfigureAwait(false);
                }
            }
#pragma warning disable CA1031 // Whatever keeps a claim from being renewed: the next time may go better, and a batch that is not renewed is another's.
            catch (Exception e)
#pragma warning restore CA1031
            {
                // Whoever claims it meanwhile is told apart by the claim: what this one writes then counts for nothing.
                LogAway(_services.Logger, _batch.Id, e.Message);
            }
        }
    }

    private ValueTask<IReadOnlyList<StoredLine>> PageAsync(int from) => Store.ReadLinesAsync(_batch.Tenant, _batch.Id, from, BatchFiles.PageLines, _stopping);

    private async ValueTask SaveLineAsync(int line, BatchLineState state)
    {
        if (!await Store.SaveLineAsync(_batch.Tenant, _batch.Id, _owner, new StoredLine(line, BatchJson.Text(state.ToJson())), CancellationToken.None).ConfigureAwait(false))
        {
            Lose();
        }

        if (_isLost)
        {
            throw new OperationCanceledException("The claim is another's.", _stop.Token);
        }
    }

    private async Task SaveAsync(BatchDocument document)
    {
        _document = document;
        if (!await Store.SaveAsync(_batch with { Document = document.ToJson() }, _owner, CancellationToken.None).ConfigureAwait(false))
        {
            Lose();
            throw new OperationCanceledException("The claim is another's.", _stop.Token);
        }
    }

    private async Task EndAsync(BatchDocument document)
    {
        _batch = _batch with { IsOpen = false };
        await SaveAsync(document with { EndedAt = _services.Time.GetUtcNow() }).ConfigureAwait(false);
        LogEnded(_services.Logger, _batch.Id, _batch.Tenant, document.Status, document.Completed, document.Total);
    }

    private void Lose()
    {
        _isLost = true;
        _stop.Cancel();
    }

    [LoggerMessage(5441, LogLevel.Information, "Batch {Batch} of tenant {Tenant} is {Status}: {Completed} of {Total} queries answered.")]
    private static partial void LogEnded(ILogger logger, string batch, string tenant, string status, int completed, int total);

    [LoggerMessage(5442, LogLevel.Warning, "The claim of batch {Batch} could not be renewed. {Reason}")]
    private static partial void LogAway(ILogger logger, string batch, string reason);

    [LoggerMessage(5444, LogLevel.Error, "A defect ended an attempt of batch {Batch} of tenant {Tenant}, attempt {Defects} of {Most} in a row without a result.")]
    private static partial void LogDefect(ILogger logger, Exception error, string batch, string tenant, int defects, int most);

    [LoggerMessage(5446, LogLevel.Error, "The answers of batch {Batch} of tenant {Tenant} could not be written; it ends without them.")]
    private static partial void LogUnwritten(ILogger logger, Exception error, string batch, string tenant);
}
