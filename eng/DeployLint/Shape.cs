using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace MetaLlm.DeployLint;

/// <summary>
/// What a document may look like, for the fields that this repository uses; anything else is a finding, and a spelling mistake is
/// found that way. A shape is YAML: a mapping lists the legal members ("name!" must be there, "*" stands for any name), a list of one
/// entry is the shape of every item, and a word is a type: text, int, bool, port, quantity, duration, name, any, or legal words with "|" between them.
/// </summary>
public sealed partial class Shape(YamlNode shape, string file)
{
    private readonly List<Finding> _findings = [];

    /// <summary>The shapes that an embedded file holds, by name.</summary>
    public static IReadOnlyDictionary<string, YamlNode> Load(string resource)
    {
        using var reader = new StreamReader(typeof(Shape).Assembly.GetManifestResourceStream(resource)!);
        return Yaml.Parse(reader.ReadToEnd())[0].Members().ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>What of a document does not fit.</summary>
    public IReadOnlyList<Finding> Check(YamlNode document)
    {
        Check(shape, document, "");
        return _findings;
    }

    private void Check(YamlNode expected, YamlNode node, string path)
    {
        switch (expected)
        {
            case YamlMappingNode members when node is YamlMappingNode mapping:
                CheckMembers(members, mapping, path);
                break;
            case YamlMappingNode:
                Fail(path, "must be a mapping.");
                break;
            case YamlSequenceNode items when node is YamlSequenceNode list:
                for (var i = 0; i < list.Children.Count; i++)
                {
                    Check(items.Children[0], list.Children[i], $"{path}[{i}]");
                }

                break;
            case YamlSequenceNode:
                Fail(path, "must be a list.");
                break;
            case YamlScalarNode { Value: "any" }:
                break;
            case YamlScalarNode { Value: { } type } when node is YamlScalarNode scalar:
                if (!Fits(type, scalar))
                {
                    Fail(path, $"is '{scalar.Value}'; it must be {type}.");
                }

                break;
            default:
                Fail(path, $"must be a single value ({expected}).");
                break;
        }
    }

    private void CheckMembers(YamlMappingNode expected, YamlMappingNode node, string path)
    {
        var legal = expected.Members().ToDictionary(m => m.Key.TrimEnd('!'), m => (Shape: m.Value, Required: m.Key.EndsWith('!')), StringComparer.Ordinal);
        foreach (var (key, value) in node.Members())
        {
            if (legal.TryGetValue(key, out var member) || legal.TryGetValue("*", out member))
            {
                Check(member.Shape, value, path.Length == 0 ? key : $"{path}.{key}");
            }
            else
            {
                Fail(path, $"has '{key}', which is unknown here; legal are {string.Join(", ", legal.Keys)}.");
            }
        }

        foreach (var (key, _) in legal.Where(m => m.Value.Required && node.At(m.Key) is null))
        {
            Fail(path, $"lacks '{key}'.");
        }
    }

    private static bool Fits(string type, YamlScalarNode scalar)
    {
        var value = scalar.Value ?? "";
        var plain = scalar.Style is ScalarStyle.Plain or ScalarStyle.Any;
        return type switch
        {
            "text" => !plain || !(IsInteger(value) || IsFlag(value) || value.Length == 0 || value is "null" or "~"),
            "int" => plain && IsInteger(value),
            "bool" => plain && IsFlag(value),
            "port" => plain && IsInteger(value) && int.Parse(value, CultureInfo.InvariantCulture) is >= 1 and <= 65535,
            "portOrName" => plain && (IsInteger(value) ? Fits("port", scalar) : Name().IsMatch(value)),
            "quantity" => Quantity().IsMatch(value) && (!plain || !IsInteger(value)),
            "duration" => Duration().IsMatch(value),
            "name" => Name().IsMatch(value),
            _ when type.Contains('|', StringComparison.Ordinal) => type.Split('|').Contains(value, StringComparer.Ordinal),
            _ => type == value,
        };
    }

    private static bool IsInteger(string value) => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    private static bool IsFlag(string value) => value is "true" or "false";

    private void Fail(string path, string message) => _findings.Add(new Finding(file, path, message));

    [GeneratedRegex(@"^[0-9]+(\.[0-9]+)?(m|k|M|G|T|Ki|Mi|Gi|Ti|b)?$")]
    private static partial Regex Quantity();

    [GeneratedRegex("^([0-9]+(ms|s|m|h|d))+$")]
    private static partial Regex Duration();

    [GeneratedRegex("^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$")]
    private static partial Regex Name();
}
