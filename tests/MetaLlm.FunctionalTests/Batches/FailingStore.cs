using System.Reflection;

namespace MetaLlm.FunctionalTests.Batches;

/// <summary>A store that fails some calls, in a way that nobody foresaw.</summary>
public class FailingStore : DispatchProxy
{
    private object _inner = null!;
    private Func<string, object?[], bool> _fails = null!;

    /// <typeparam name="TPort">The port.</typeparam>
    /// <param name="inner">The store.</param>
    /// <param name="fails">Whether a call fails, given its name and arguments.</param>
    public static TPort Of<TPort>(TPort inner, Func<string, object?[], bool> fails)
        where TPort : class
    {
        var store = Create<TPort, FailingStore>();
        var proxy = (FailingStore)(object)store;
        (proxy._inner, proxy._fails) = (inner, fails);
        return store;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _fails(targetMethod!.Name, args!)
        ? throw new InvalidOperationException("Nobody foresaw this.")
        : targetMethod.Invoke(_inner, args);
}
