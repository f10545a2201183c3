using System.ComponentModel.DataAnnotations;
using System.Globalization;

namespace MetaLlm.Engine.Configuration;

/// <summary>A place in a configuration, at which what is wrong is reported.</summary>
public sealed class SettingsErrors
{
    private readonly SettingsErrors? _parent;
    private readonly string _name = "";
    private readonly int _index;
    private readonly ICollection<SettingsError> _found;

    /// <summary>Creates the outermost place.</summary>
    /// <param name="path">Its name.</param>
    /// <param name="found">Receives every error, of the places within too.</param>
    public SettingsErrors(string path, ICollection<SettingsError> found) => (_name, _found) = (path, found);

    private SettingsErrors(SettingsErrors parent, string name, int index) => (_parent, _name, _index, _found) = (parent, name, index, parent._found);

    /// <summary>The place as a JSON path. It is put together only when somebody asks: most places have no errors.</summary>
    public string Path => _parent is null ? _name
        : _name.Length > 0 ? $"{_parent.Path}.{_name}" : string.Create(CultureInfo.InvariantCulture, $"{_parent.Path}[{_index}]");

    /// <summary>The place of a member.</summary>
    /// <param name="member">Its name; null for this place.</param>
    public SettingsErrors At(string? member) => member is null ? this : new SettingsErrors(this, member, 0);

    /// <summary>The place of an entry of a list here.</summary>
    /// <param name="index">Its index, from 0.</param>
    public SettingsErrors At(int index) => new(this, "", index);

    /// <summary>Reports something. What was found at a place before makes the rest of that place moot.</summary>
    /// <param name="member">The member here that is wrong; null when it is the whole.</param>
    /// <param name="problem">The value and the legal range, as a sentence without its subject.</param>
    public void Add(string? member, string problem)
    {
        var path = At(member).Path;
        if (_found.All(error => error.Path != path))
        {
            _found.Add(new SettingsError(path, problem));
        }
    }

    /// <summary>
    /// Reports what several members of one object say together. What each says by itself was checked when it was read, and what no
    /// configuration can say is checked where it comes from.
    /// </summary>
    /// <param name="settings">The object that stands here.</param>
    public void AddContradictions(IValidatableObject settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var members = SettingsShape.Of(settings.GetType()).InFile;
        foreach (var result in settings.Validate(new ValidationContext(settings)))
        {
            if (members.FirstOrDefault(m => m.Property.Name == result.MemberNames.First()) is { } member)
            {
                Add(member.Name, result.ErrorMessage!);
            }
        }
    }
}
