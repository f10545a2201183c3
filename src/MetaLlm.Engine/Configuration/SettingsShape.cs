using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace MetaLlm.Engine.Configuration;

/// <summary>
/// The members of a settings class: the one description that the configuration is read by, options are validated by, and the JSON schema
/// and the reference are written from. A member is a property with a public setter; <c>required</c> means that a file must have it,
/// <c>JsonIgnore</c> that no file can, and the attributes of <c>DataAnnotations</c> say what is legal.
/// </summary>
internal sealed class SettingsShape
{
    private static readonly ConcurrentDictionary<Type, SettingsShape> Known = new();
    private readonly Dictionary<string, SettingsMember> _byName;

    private SettingsShape(Type type)
    {
        Type = type;
        Members = [.. MembersOf(type, null)];
        InFile = [.. Members.Where(m => m.InFile)];
        _byName = InFile.ToDictionary(m => m.Name, StringComparer.OrdinalIgnoreCase);
    }

    public Type Type { get; }

    /// <summary>All that code may set.</summary>
    public IReadOnlyList<SettingsMember> Members { get; }

    /// <summary>Those of them that a configuration file may set.</summary>
    public IReadOnlyList<SettingsMember> InFile { get; }

    public static SettingsShape Of(Type type) => Known.GetOrAdd(type, t => new SettingsShape(t));

    public SettingsMember? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Everything that is wrong with an object that code has set up.</summary>
    public IEnumerable<string> Problems(object settings)
    {
        foreach (var member in Members)
        {
            if (member.Problem(member.Get(settings)) is { } problem)
            {
                yield return $"{member.Property.Name} {problem}";
            }
        }

        foreach (var result in (settings as IValidatableObject)?.Validate(new ValidationContext(settings)) ?? [])
        {
            yield return $"{result.MemberNames.First()} {result.ErrorMessage}";
        }
    }

    private static IEnumerable<SettingsMember> MembersOf(Type type, PropertyInfo? holder)
    {
        var standard = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties().OrderBy(p => Depth(p.DeclaringType)).ThenBy(p => p.MetadataToken))
        {
            if (property.IsDefined(typeof(InlineAttribute)))
            {
                foreach (var member in MembersOf(property.PropertyType, property))
                {
                    yield return member;
                }
            }
            else if (property.SetMethod is { IsPublic: true })
            {
                yield return new SettingsMember(property, holder, property.GetValue(standard));
            }
        }
    }

    /// <summary>What a base class has comes after what its heir adds.</summary>
    private static int Depth(Type? type) => type is null ? 0 : Depth(type.BaseType) - 1;
}
