using System.Text.Json.Nodes;

namespace MetaLlm.Gateway.Batches;

/// <summary>
/// What has become of a batch so far: a query's state is written when a call is about to be made, and when it has ended. Each is durable before the batch goes on. Safe for concurrent use, while each query is one
/// caller's.
/// </summary>
internal sealed class BatchProgress
{
    private readonly Lock _gate = new();
    private readonly Func<int, BatchLineState, ValueTask> _save;
    private readonly Dictionary<int, BatchLineState> _open = [];
    private readonly Dictionary<int, BatchOutcome> _outcomes = [];
    private double _spentUsd;

    /// <param name="job">Name of the batch, which no other has; at least 12 characters.</param>
    /// <param name="known">What is known of queries from before, by their numbers.</param>
    /// <param name="save">Writes what has become of a query; what is written is durable when the call returns.</param>
    public BatchProgress(string job, IEnumerable<KeyValuePair<int, BatchLineState>> known, Func<int, BatchLineState, ValueTask> save)
    {
        (Job, _save) = (job, save);
        foreach (var (line, state) in known)
        {
            Take(line, state);
        }

        Begun = _open.Where(one => one.Value.Begun is not null).ToDictionary(one => one.Key, one => (one.Value.Begun!, one.Value.HeldUsd));
    }

    /// <summary>Name of the batch.</summary>
    public string Job { get; }

    /// <summary>USD that are counted for calls that have ended.</summary>
    public double SpentUsd
    {
        get
        {
            lock (_gate)
            {
                return _spentUsd;
            }
        }
    }

    /// <summary>USD that were set aside for calls that have begun and not ended.</summary>
    public double HeldUsd
    {
        get
        {
            lock (_gate)
            {
                return _open.Values.Sum(state => state.Begun is null ? 0 : state.HeldUsd);
            }
        }
    }

    /// <summary>Queries whose call had begun and not ended when this was read, with their model and what was set aside. It stays so on disk until the query is called again.</summary>
    public IReadOnlyDictionary<int, (string Model, double HeldUsd)> Begun { get; }

    /// <summary>How many queries have a result, and how many of them an answer.</summary>
    public (int Done, int Answered) Count()
    {
        lock (_gate)
        {
            return (_outcomes.Count, _outcomes.Values.Count(outcome => outcome.IsAnswer));
        }
    }

    /// <summary>What became of a query; null while it has no result.</summary>
    public BatchOutcome? Find(int line)
    {
        lock (_gate)
        {
            return _outcomes.GetValueOrDefault(line);
        }
    }

    /// <summary>What has become of a query without a result.</summary>
    public BatchLineState State(int line)
    {
        lock (_gate)
        {
            return _open.GetValueOrDefault(line, BatchLineState.Untouched);
        }
    }

    /// <summary>A call is about to be made. One that had begun before and of which nothing was heard is taken to have cost what was set aside.</summary>
    public ValueTask BeginAsync(int line, string model, double heldUsd) => SaveAsync(line, State(line).Lost() with { Begun = model, HeldUsd = heldUsd });

    /// <summary>A call has ended without an answer that counts.</summary>
    /// <param name="line">The query.</param>
    /// <param name="model">The model.</param>
    /// <param name="costUsd">What the call has cost, or can have cost at most.</param>
    /// <param name="isUnknown">Whether nobody says what became of it.</param>
    public ValueTask FailAsync(int line, string model, double costUsd, bool isUnknown) => SaveAsync(line, State(line).Failed(model, costUsd, isUnknown));

    /// <summary>A query has its result.</summary>
    /// <param name="line">The query.</param>
    /// <param name="costUsd">USD to count for it, which is negative where more was counted for its call before.</param>
    /// <param name="result">The line of the results.</param>
    public ValueTask EndAsync(int line, double costUsd, JsonObject result)
    {
        var state = State(line);
        return SaveAsync(line, state with { Begun = null, HeldUsd = 0, SpentUsd = state.SpentUsd + costUsd, Result = result });
    }

    /// <summary>A query has a result for which no call is made. One that had begun before is taken to have cost what was set aside.</summary>
    /// <param name="line">The query.</param>
    /// <param name="result">Makes the line of the results of what was lost by model.</param>
    public ValueTask RefuseAsync(int line, Func<IReadOnlyDictionary<string, double>, JsonObject> result)
    {
        var state = State(line).Lost();
        return SaveAsync(line, state with { Result = result(state.LostUsd()) });
    }

    private async ValueTask SaveAsync(int line, BatchLineState state)
    {
        await _save(line, state).ConfigureAwait(false);
        lock (_gate)
        {
            Take(line, state);
        }
    }

    private void Take(int line, BatchLineState state)
    {
        _spentUsd += state.SpentUsd - _open.GetValueOrDefault(line, BatchLineState.Untouched).SpentUsd;
        if (state.Result is null)
        {
            _open[line] = state;
            return;
        }

        _open.Remove(line);
        _outcomes[line] = BatchOutcome.Of(state.Result);
    }
}
