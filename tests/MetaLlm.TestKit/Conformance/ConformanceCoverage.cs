using System.Reflection;

namespace MetaLlm.TestKit.Conformance;

/// <summary>Finds implementations of a port that no conformance suite runs on.</summary>
public static class ConformanceCoverage
{
    /// <summary>Names of the uncovered implementations.</summary>
    /// <param name="port">The interface.</param>
    /// <param name="suite">The open generic suite; its type argument names the implementation.</param>
    /// <param name="implementations">Assembly with implementations.</param>
    /// <param name="tests">Assembly with the derived suites.</param>
    public static IReadOnlyList<string> Missing(Type port, Type suite, Assembly implementations, Assembly tests)
    {
        var covered = tests.GetTypes()
            .Where(type => !type.IsAbstract)
            .Select(type => Argument(type, suite))
            .Where(argument => argument is not null)
            .ToHashSet();
        return [.. implementations.GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(port) && !covered.Contains(type))
            .Select(type => type.FullName!)];
    }

    private static Type? Argument(Type type, Type suite)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.IsGenericType && current.GetGenericTypeDefinition() == suite)
            {
                return current.GetGenericArguments()[0];
            }
        }

        return null;
    }
}
