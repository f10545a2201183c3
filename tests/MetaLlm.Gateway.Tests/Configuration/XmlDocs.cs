using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MetaLlm.Gateway.Tests.Configuration;

/// <summary>The doc comments of the settings classes: what a member means is said there and nowhere else.</summary>
internal static partial class XmlDocs
{
    private static readonly ConcurrentDictionary<Assembly, Dictionary<string, XElement>> Known = new();

    public static string Summary(PropertyInfo property) => Text(property, "summary") ?? throw new InvalidOperationException($"{property} has no summary.");

    public static string? Value(PropertyInfo property) => Text(property, "value");

    public static string Summary(Type type) => Text(type.Assembly, $"T:{type.FullName}", "summary")!;

    public static string Summary(Type enumeration, string name) => Text(enumeration.Assembly, $"F:{enumeration.FullName}.{name}", "summary")!;

    private static string? Text(PropertyInfo property, string element) =>
        Text(property.DeclaringType!.Assembly, $"P:{property.DeclaringType.FullName}.{property.Name}", element);

    private static string? Text(Assembly assembly, string name, string element)
    {
        var members = Known.GetOrAdd(assembly, a => XDocument.Load(Path.ChangeExtension(a.Location, ".xml")).Descendants("member")
            .ToDictionary(m => m.Attribute("name")!.Value, m => m));
        return members.GetValueOrDefault(name)?.Element(element) is { } found
            ? Blanks().Replace(string.Concat(found.Nodes().Select(Text)), " ").Trim()
            : null;
    }

    private static string Text(XNode node) => node switch
    {
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{JsonNamingPolicy.CamelCase.ConvertName((see.Attribute("cref") ?? see.Attribute("langword"))!.Value.Split('.', ':')[^1])}`",
        XText text => text.Value,
        _ => throw new InvalidOperationException($"No text is known for {node}."),
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
