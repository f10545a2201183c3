using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using MetaLlm.Core.Features;

namespace MetaLlm.Engine.Orleans.Tests.Serialization;

/// <summary>Every public property of an object, down to the leaves, with its path.</summary>
internal static class FieldDump
{
    public static IReadOnlyList<string> Lines(object value)
    {
        var lines = new List<string>();
        Write(value, value.GetType().Name, lines);
        return lines;
    }

    /// <summary>Paths of properties that have the value which a new object of their type has by itself.</summary>
    public static IReadOnlyList<string> Untouched(object value)
    {
        var blank = value.GetType().GetConstructor(Type.EmptyTypes) is not null
            ? Activator.CreateInstance(value.GetType())!
            : RuntimeHelpers.GetUninitializedObject(value.GetType());
        return
        [
            .. Properties(value.GetType())
                .Where(property => property.PropertyType.IsByRefLike || Same(property.GetValue(value), property.GetValue(blank)))
                .Where(property => !property.PropertyType.IsByRefLike)
                .Select(property => $"{value.GetType().Name}.{property.Name}"),
        ];
    }

    private static bool Same(object? left, object? right) => Equals(left, right) || (left is ICollection { Count: 0 });

    private static IEnumerable<PropertyInfo> Properties(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0)
        .Where(property => property.DeclaringType != typeof(Exception) || property.Name == nameof(Exception.Message));

    private static void Write(object? value, string path, List<string> lines)
    {
        switch (value)
        {
            case null or string or bool or Enum or Uri or IFormattable:
                lines.Add($"{path} = {Convert.ToString(value is IFormattable and double d ? d.ToString("R", CultureInfo.InvariantCulture) : value, CultureInfo.InvariantCulture)}");
                break;
            case ReadOnlyMemory<byte> bytes:
                lines.Add($"{path} = {Convert.ToHexString(bytes.Span)}");
                break;
            case LinearReduction reduction:
                lines.Add($"{path} = {reduction.Id} {reduction.InputDimensions} {reduction.OutputDimensions}");
                Write(reduction.Rows.ToArray(), path + ".Rows", lines);
                Write(reduction.Offset.ToArray(), path + ".Offset", lines);
                break;
            case IEnumerable items:
                var index = 0;
                foreach (var item in items)
                {
                    Write(item, $"{path}[{index++}]", lines);
                }

                lines.Add($"{path}.Count = {index}");
                break;
            default:
                foreach (var property in Properties(value.GetType()))
                {
                    Write(property.GetValue(value), $"{path}.{property.Name}", lines);
                }

                break;
        }
    }
}
