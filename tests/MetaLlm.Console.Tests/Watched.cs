using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.WebConsole.Tests;

/// <summary>A call of a service that is watched.</summary>
internal sealed record WatchedCall(string Method, IReadOnlyList<object?> Arguments);

/// <summary>Puts something before a service that is registered.</summary>
internal static class Watched
{
    public static void Decorate<T>(IServiceCollection services, Func<T, T> decorate)
        where T : class
    {
        var known = services.Last(service => service.ServiceType == typeof(T) && !service.IsKeyedService);
        services.AddSingleton(provider => decorate((T)(known.ImplementationFactory?.Invoke(provider)
            ?? known.ImplementationInstance
            ?? ActivatorUtilities.CreateInstance(provider, known.ImplementationType!))));
    }
}

/// <summary>Stands before a service and takes down what it is asked.</summary>
public class Watched<T> : DispatchProxy
    where T : class
{
    private ConcurrentQueue<WatchedCall> _calls = new();
    private T? _inner;

    internal static void Add(IServiceCollection services, ConcurrentQueue<WatchedCall> calls) => Watched.Decorate<T>(services, inner =>
    {
        var proxy = Create<T, Watched<T>>();
        ((Watched<T>)(object)proxy)._inner = inner;
        ((Watched<T>)(object)proxy)._calls = calls;
        return proxy;
    });

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _calls.Enqueue(new WatchedCall(targetMethod!.Name, args ?? []));
        try
        {
            return targetMethod.Invoke(_inner, args);
        }
        catch (TargetInvocationException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
    }
}
