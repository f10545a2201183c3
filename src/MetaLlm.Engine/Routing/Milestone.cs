namespace MetaLlm.Engine.Routing;

/// <summary>Something that happens once. A task is made for those alone who wait for it, of whom there are rarely any. Safe for concurrent use; must not be copied.</summary>
internal struct Milestone
{
    private static readonly TaskCompletionSource Over = Completed();

    private TaskCompletionSource? _waiters;

    /// <summary>Ends when it has happened.</summary>
    public Task Passed
    {
        get
        {
            if (Volatile.Read(ref _waiters) is { } known)
            {
                return known.Task;
            }

            var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return (Interlocked.CompareExchange(ref _waiters, made, null) ?? made).Task;
        }
    }

    /// <summary>It has happened; to say so again changes nothing.</summary>
    public void Pass() => Interlocked.CompareExchange(ref _waiters, Over, null)?.TrySetResult();

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }
}
