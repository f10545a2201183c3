using System.Collections.Concurrent;

namespace MetaLlm.Chaos.Load;

/// <summary>Everything that clients saw, in the order in which it ended.</summary>
internal sealed class LoadRecord
{
    private readonly ConcurrentQueue<Operation> _operations = new();
    private readonly ConcurrentQueue<ClientError> _errors = new();
    private readonly ConcurrentQueue<string> _unexpected = new();

    /// <summary>What clients wanted, and got.</summary>
    public IReadOnlyCollection<Operation> Operations => _operations;

    /// <summary>Attempts that came to nothing.</summary>
    public IReadOnlyCollection<ClientError> Errors => _errors;

    /// <summary>Answers that no fault excuses, in words.</summary>
    public IReadOnlyCollection<string> Unexpected => _unexpected;

    /// <summary>Something was answered.</summary>
    public void Add(Operation operation) => _operations.Enqueue(operation);

    /// <summary>An attempt came to nothing.</summary>
    public void Add(ClientError error) => _errors.Enqueue(error);

    /// <summary>An answer was not as it may be.</summary>
    public void AddUnexpected(string what) => _unexpected.Enqueue(what);
}
