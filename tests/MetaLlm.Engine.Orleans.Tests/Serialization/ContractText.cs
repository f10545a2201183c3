using System.Reflection;
using System.Text;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Grains;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Orleans.Streams;

namespace MetaLlm.Engine.Orleans.Tests.Serialization;

/// <summary>What silos and clients of different builds must agree on, as text.</summary>
internal static class ContractText
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>Names of the types that cross the wire.</summary>
    public static IEnumerable<string> SerializedNames() => Serialized().Select(type => type.Name);

    public static string Write()
    {
        var text = new StringBuilder("""
            Wire version 2. Interfaces and stream items, by which everything else travels, have it in their alias: builds of different versions refuse each
            other's calls instead of misreading them. Snapshots in grain storage (metallm.snapshot-state) are of no version: every build reads all of them.


            """);
        foreach (var type in Aliased())
        {
            text.Append(type.IsInterface ? "interface " : "type ").Append(Alias(type)).Append(" = ").Append(type.Name).Append('\n');
            foreach (var method in type.GetMethods().Where(_ => type.IsInterface).OrderBy(Alias, StringComparer.Ordinal))
            {
                text.Append("  ").Append(Alias(method)).Append('(')
                    .AppendJoin(", ", method.GetParameters().Select(parameter => Name(parameter.ParameterType)))
                    .Append(") -> ").Append(Name(method.ReturnType)).Append('\n');
            }

            foreach (var (id, member) in Ids(type))
            {
                text.Append("  ").Append(id).Append(": ").Append(member).Append('\n');
            }
        }

        // Where grains and streams are found: another name is another grain, and another stream.
        foreach (var grain in typeof(OrleansTenantEngine).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Grain))).OrderBy(type => type.Name, StringComparer.Ordinal))
        {
            text.Append("grain ").Append(grain.GetCustomAttribute<GrainTypeAttribute>()?.GetGrainType(null!, null!).ToString() ?? "(no name)").Append(" = ").Append(grain.Name).Append('\n');
        }

        // Where snapshots are, which outlive builds; the queues of a stream provider have its name.
        return text.Append("stream ").Append(RewardStream.Namespace).Append('\n')
            .Append("stream provider ").Append(OrleansEngineOptions.MemoryStreams).Append('\n')
            .Append("grain storage ").Append(OrleansEngineOptions.DefaultSnapshotStorage).Append('\n')
            .Append("grain state ").Append(new SnapshotStateConfiguration("").StateName).Append('\n').ToString();
    }

    /// <summary>What has types that cross the wire.</summary>
    public static IReadOnlyList<Assembly> Assemblies { get; } =
        [typeof(DecisionRecord).Assembly, typeof(Settlement).Assembly, typeof(OrleansTenantEngine).Assembly];

    private static IEnumerable<Type> Aliased() => Assemblies.SelectMany(assembly => assembly.GetTypes())
        .Where(type => type.GetCustomAttribute<AliasAttribute>(inherit: false) is not null && type.Namespace?.StartsWith("MetaLlm", StringComparison.Ordinal) == true)
        .OrderBy(Alias, StringComparer.Ordinal);

    private static IEnumerable<Type> Serialized() => Aliased().Where(type => !type.IsInterface);

    private static IEnumerable<(uint Id, string Member)> Ids(Type type) => type.GetMembers(Members)
        .Where(member => member.GetCustomAttribute<IdAttribute>() is not null)
        .Select(member => (member.GetCustomAttribute<IdAttribute>()!.Id, $"{member.Name} {Name(member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType)}"))
        .OrderBy(entry => entry.Id);

    private static string Alias(MemberInfo member) => member.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias ?? $"(no alias: {member.Name})";

    private static string Name(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
