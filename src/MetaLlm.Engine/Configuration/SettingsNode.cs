using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace MetaLlm.Engine.Configuration;

/// <summary>
/// A configuration as a tree, built in one pass. Asking a configuration for the children of a section looks at every key that there is,
/// so that asking it section by section would take time in the square of its size.
/// </summary>
/// <param name="key">Name within the parent.</param>
internal sealed class SettingsNode(string key)
{
    private Dictionary<string, SettingsNode>? _children;

    public string Key { get; } = key;

    /// <summary>The text of a scalar; empty for an empty list; null for an object, a list and JSON's null.</summary>
    public string? Value { get; private set; }

    public bool IsEmpty => Value is null && !HasChildren;

    public bool HasChildren => _children is not null;

    /// <summary>The members or entries, entries in the order of their indices.</summary>
    public IEnumerable<SettingsNode> Children => _children?.Values.OrderBy(c => c.Key, ConfigurationKeyComparer.Instance) ?? Enumerable.Empty<SettingsNode>();

    public SettingsNode? Find(string member) => _children?.GetValueOrDefault(member);

    /// <summary>Reads a section of a configuration.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="section">Name of a section at its top.</param>
    public static SettingsNode Read(IConfiguration configuration, string section)
    {
        var root = new SettingsNode(section);
        foreach (var (path, value) in Entries(configuration))
        {
            var parts = path.Split(ConfigurationPath.KeyDelimiter);
            if (parts[0].Equals(section, StringComparison.OrdinalIgnoreCase))
            {
                parts.Skip(1).Aggregate(root, (node, part) => node.FindOrAdd(part)).Value = value;
            }
        }

        return root;
    }

    /// <summary>Reads an object of JSON as a configuration file with it would be read.</summary>
    /// <param name="json">The object.</param>
    /// <param name="key">Name of the node.</param>
    public static SettingsNode Read(JsonElement json, string key)
    {
        var root = new SettingsNode(key);
        root.Fill(json);
        return root;
    }

    private void Fill(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in json.EnumerateObject())
                {
                    FindOrAdd(member.Name).Fill(member.Value);
                }

                break;
            case JsonValueKind.Array when json.GetArrayLength() == 0:
                Value = "";
                break;
            case JsonValueKind.Array:
                foreach (var (index, entry) in json.EnumerateArray().Index())
                {
                    FindOrAdd(index.ToString(CultureInfo.InvariantCulture)).Fill(entry);
                }

                break;
            case JsonValueKind.Null or JsonValueKind.Undefined:
                break;
            default:
                Value = json.ToString();
                break;
        }
    }

    private SettingsNode FindOrAdd(string member)
    {
        _children ??= new Dictionary<string, SettingsNode>(StringComparer.OrdinalIgnoreCase);
        return _children.TryGetValue(member, out var found) ? found : _children[member] = new SettingsNode(member);
    }

    /// <summary>All keys with their values; later ones overrule earlier ones.</summary>
    private static IEnumerable<KeyValuePair<string, string?>> Entries(IConfiguration configuration) =>
        configuration is IConfigurationRoot root && root.Providers.All(HoldsItsData)
            ? root.Providers.SelectMany(p => p is ChainedConfigurationProvider chained ? Entries(chained.Configuration) : DataOf((ConfigurationProvider)p))
            : configuration.AsEnumerable();

    /// <summary>Whether a provider answers from its dictionary, as all those of .NET do.</summary>
    private static bool HoldsItsData(IConfigurationProvider provider) => provider is ChainedConfigurationProvider
        || (provider is ConfigurationProvider && provider.GetType().GetMethods()
            .Where(m => m.Name is nameof(IConfigurationProvider.TryGet) or nameof(IConfigurationProvider.GetChildKeys))
            .All(m => m.DeclaringType == typeof(ConfigurationProvider)));

    /// <summary>The dictionary of a provider, which is there for its subclasses; the public ways to it look up one key or scan all.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Data")]
    private static extern IDictionary<string, string?> DataOf(ConfigurationProvider provider);
}
