namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>Gathers a question that every tenant of a silo asks now and then, and asks it once for all that came within a moment.</summary>
/// <remarks>Safe for concurrent use. Thousands of tenants then cost the database some questions a second, whatever each of them does.</remarks>
/// <typeparam name="T">The answer.</typeparam>
/// <param name="ask">Asks for some tenants, each named once; those without an answer are left out.</param>
/// <param name="moment">How long others are waited for.</param>
/// <param name="time">The clock of that; null for the machine's.</param>
internal sealed class TenantQuestions<T>(Func<IReadOnlyList<string>, Task<IReadOnlyDictionary<string, T>>> ask, TimeSpan moment, TimeProvider? time = null)
    where T : struct
{
    private const int MostTenants = 2000;

    private readonly Lock _gate = new();
    private Batch? _open;

    /// <summary>Asks for a tenant.</summary>
    /// <returns>The answer, or null where there is none.</returns>
    public async Task<T?> AskAsync(string tenant)
    {
        Batch batch;
        var isFirst = false;
        lock (_gate)
        {
            if (_open is null || _open.Tenants.Count >= MostTenants)
            {
                (_open, isFirst) = (new Batch(), true);
            }

            batch = _open;
            batch.Tenants.Add(tenant);
        }

        if (isFirst)
        {
            // Its outcome reaches every caller through the batch.
            _ = RunAsync(batch);
        }

        return (await batch.Answers.Task).TryGetValue(tenant, out var answer) ? answer : null;
    }

    private async Task RunAsync(Batch batch)
    {
        try
        {
            await Task.Delay(moment, time ?? TimeProvider.System);
            string[] tenants;
            lock (_gate)
            {
                _open = ReferenceEquals(_open, batch) ? null : _open;
                tenants = [.. batch.Tenants];
            }

            batch.Answers.SetResult(await ask(tenants));
        }
        catch (Exception error)
        {
            batch.Answers.SetException(error);
        }
    }

    private sealed class Batch
    {
        public HashSet<string> Tenants { get; } = new(StringComparer.Ordinal);

        public TaskCompletionSource<IReadOnlyDictionary<string, T>> Answers { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
