namespace MetaLlm.Engine.Routing.Circuits;

/// <summary>Counts the circuits of a model that are not closed. Safe for concurrent use.</summary>
internal sealed class OpenCircuits
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Add(int difference) => Interlocked.Add(ref _count, difference);
}
