using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MetaLlm.DeployLint;

/// <summary>Reads YAML into nodes and walks them.</summary>
public static class Yaml
{
    /// <summary>The documents of a text. Merge keys are resolved; a key that stands twice is an error.</summary>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static IReadOnlyList<YamlNode> Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        var merged = new HashSet<YamlNode>(ReferenceEqualityComparer.Instance);
        foreach (var document in stream.Documents)
        {
            Merge(document.RootNode, merged);
        }

        return [.. stream.Documents.Select(d => d.RootNode)];
    }

    /// <summary>The node at the end of a path of keys; null where there is none.</summary>
    public static YamlNode? At(this YamlNode? node, params ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            node = node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(key), out var child) ? child : null;
        }

        return node;
    }

    /// <summary>The scalar at the end of a path; null where there is none.</summary>
    public static string? Text(this YamlNode? node, params ReadOnlySpan<string> keys) => (node.At(keys) as YamlScalarNode)?.Value;

    /// <summary>The entries of a list at the end of a path; none where there is no list.</summary>
    public static IEnumerable<YamlNode> Items(this YamlNode? node, params ReadOnlySpan<string> keys) =>
        (node.At(keys) as YamlSequenceNode)?.Children ?? Enumerable.Empty<YamlNode>();

    /// <summary>The members of a mapping at the end of a path; none where there is no mapping.</summary>
    public static IEnumerable<KeyValuePair<string, YamlNode>> Members(this YamlNode? node, params ReadOnlySpan<string> keys) =>
        (node.At(keys) as YamlMappingNode)?.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value ?? "", c.Value)) ?? [];

    /// <summary>Whether every member of a selector is among some labels.</summary>
    public static bool Selects(this YamlNode? selector, YamlNode? labels) =>
        selector.Members().Any() && selector.Members().All(m => labels.Text(m.Key) == ((YamlScalarNode)m.Value).Value);

    private static void Merge(YamlNode node, HashSet<YamlNode> merged)
    {
        if (!merged.Add(node))
        {
            return;
        }

        if (node is YamlSequenceNode list)
        {
            foreach (var item in list.Children)
            {
                Merge(item, merged);
            }
        }
        else if (node is YamlMappingNode mapping)
        {
            foreach (var (_, child) in mapping.Children)
            {
                Merge(child, merged);
            }

            if (mapping.At("<<") is YamlMappingNode inherited)
            {
                mapping.Children.Remove(new YamlScalarNode("<<"));
                foreach (var (key, value) in inherited.Children.Where(c => !mapping.Children.ContainsKey(c.Key)))
                {
                    mapping.Children.Add(key, value);
                }
            }
        }
    }
}
