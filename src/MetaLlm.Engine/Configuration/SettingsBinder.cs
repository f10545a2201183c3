using System.Collections;
using System.Globalization;

namespace MetaLlm.Engine.Configuration;

/// <summary>
/// Reads objects of a configuration. It collects errors rather than throwing the first, and leaves the default for every value that is wrong,
/// so that reading goes on.
/// </summary>
/// <param name="sources">Where secrets come from.</param>
internal sealed class SettingsBinder(SecretSources sources)
{
    /// <summary>Reads an object.</summary>
    /// <param name="node">What the configuration has in its place.</param>
    /// <param name="type">The settings class.</param>
    /// <param name="errors">Its place, and what receives errors.</param>
    public object Bind(SettingsNode node, Type type, SettingsErrors errors)
    {
        var shape = SettingsShape.Of(type);
        var settings = Activator.CreateInstance(type)!;
        if (!string.IsNullOrEmpty(node.Value))
        {
            errors.Add(null, $"is '{node.Value}'; it must be an object.");
            return settings;
        }

        foreach (var member in shape.InFile)
        {
            if (node.Find(member.Name) is { IsEmpty: false } child)
            {
                if (Read(member, child, errors.At(member.Name)) is { } value)
                {
                    member.Set(settings, value);
                }
            }
            else if (member.IsRequired)
            {
                errors.Add(member.Name, $"is missing; it must be {member.Legal}.");
            }
        }

        foreach (var child in node.Children.Where(c => shape.Find(c.Key) is null))
        {
            // Only the name is shown: the value may be a key that somebody put in the wrong place.
            errors.Add(child.Key, $"is not known; {errors.Path} takes {string.Join(", ", shape.InFile.Select(m => m.Name))}.");
        }

        return settings;
    }

    private object? Read(SettingsMember member, SettingsNode node, SettingsErrors errors) => member.Form switch
    {
        SettingsForm.List => ReadList(member, node, errors),
        SettingsForm.Map => ReadMap(member, node, errors),
        _ => ReadOne(member, node, errors),
    };

    private object? ReadOne(SettingsMember member, SettingsNode node, SettingsErrors errors)
    {
        if (member.Kind == SettingsKind.Object)
        {
            return Bind(node, member.Type, errors);
        }

        if (node.HasChildren || node.Value is not { } text)
        {
            errors.Add(null, "must be a single value, not an object or a list.");
            return null;
        }

        var (value, problem) = member.Parse(text, sources);
        if (problem is not null)
        {
            errors.Add(null, problem);
        }

        return value;
    }

    private IList? ReadList(SettingsMember member, SettingsNode node, SettingsErrors errors)
    {
        if (!string.IsNullOrEmpty(node.Value) || node.Children.Any(c => !int.TryParse(c.Key, CultureInfo.InvariantCulture, out _)))
        {
            errors.Add(null, "must be a list.");
            return null;
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(member.Type))!;
        foreach (var child in node.Children)
        {
            if (ReadOne(member, child, errors.At(int.Parse(child.Key, CultureInfo.InvariantCulture))) is { } value)
            {
                list.Add(value);
            }
        }

        return list;
    }

    private IDictionary? ReadMap(SettingsMember member, SettingsNode node, SettingsErrors errors)
    {
        if (!string.IsNullOrEmpty(node.Value))
        {
            errors.Add(null, $"is '{node.Value}'; it must be an object.");
            return null;
        }

        var map = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), member.Type), StringComparer.Ordinal)!;
        foreach (var child in node.Children)
        {
            if (ReadOne(member, child, errors.At(child.Key)) is { } value)
            {
                map.Add(child.Key, value);
            }
        }

        return map;
    }
}
