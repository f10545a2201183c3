using System.Globalization;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <summary>
/// Reads one object of the configuration. It collects errors rather than throwing the first, and stands in a legal value for
/// every wrong one so that reading goes on; <see cref="RefuseUnknown"/> reports the keys that nobody asked for.
/// </summary>
internal sealed class SectionReader(IConfigurationSection section, List<SettingsError> errors)
{
    private readonly HashSet<string> _known = new(StringComparer.OrdinalIgnoreCase);

    public string Path { get; } = JsonPath(section.Path);

    public string Key => section.Key;

    public void Fail(string? key, string problem) => errors.Add(new SettingsError(key is null ? Path : $"{Path}.{key}", problem));

    /// <summary>Whether the member is there.</summary>
    public bool Has(string key) => section.GetSection(key).Exists();

    public string? Text(string key, int longest = 256)
    {
        var value = Scalar(key);
        if (value is null)
        {
            return null;
        }

        if (string.IsNullOrWhiteSpace(value) || value.Length > longest || value.Any(char.IsControl))
        {
            Fail(key, $"has {value.Length} characters; 1 to {longest} are needed, not all blank, without control characters.");
            return null;
        }

        return value;
    }

    public string RequiredText(string key, int longest = 256)
    {
        if (!section.GetSection(key).Exists())
        {
            _known.Add(key);
            Fail(key, $"is missing; it must be a text of 1 to {longest} characters.");
            return string.Empty;
        }

        return Text(key, longest) ?? string.Empty;
    }

    public string Choice(string key, string fallback, params string[] choices)
    {
        var value = Scalar(key);
        if (value is null || choices.Contains(value, StringComparer.Ordinal))
        {
            return value ?? fallback;
        }

        Fail(key, $"is '{value}'; it must be one of {string.Join(", ", choices)}.");
        return fallback;
    }

    public double? Number(string key, double minimum, double maximum, bool aboveMinimum = false)
    {
        var value = Scalar(key);
        if (value is null)
        {
            return null;
        }

        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= minimum && number <= maximum && !(aboveMinimum && number == minimum))
        {
            return number;
        }

        var range = FormattableString.Invariant($"{(aboveMinimum ? "a number above" : "a number from")} {minimum} to {maximum}");
        Fail(key, $"is '{value}'; it must be {range}.");
        return null;
    }

    public long? Integer(string key, long minimum, long maximum)
    {
        var value = Scalar(key);
        if (value is null)
        {
            return null;
        }

        if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= minimum && number <= maximum)
        {
            return number;
        }

        Fail(key, FormattableString.Invariant($"is '{value}'; it must be a whole number from {minimum} to {maximum}."));
        return null;
    }

    public bool Flag(string key, bool fallback)
    {
        var value = Scalar(key);
        if (value is null || bool.TryParse(value, out fallback))
        {
            return fallback;
        }

        Fail(key, $"is '{value}'; it must be true or false.");
        return fallback;
    }

    public TimeSpan Seconds(string key, TimeSpan fallback, double maximum) =>
        Number(key, 0, maximum, aboveMinimum: true) is { } seconds ? TimeSpan.FromSeconds(seconds) : fallback;

    /// <summary>An object inside this one; missing members of a missing object are simply missing.</summary>
    public SectionReader Child(string key)
    {
        _known.Add(key);
        var child = section.GetSection(key);
        if (!string.IsNullOrEmpty(child.Value))
        {
            Fail(key, $"is '{child.Value}'; it must be an object.");
        }

        return new SectionReader(child, errors);
    }

    /// <summary>The entries of a list.</summary>
    public IReadOnlyList<SectionReader> Items(string key)
    {
        _known.Add(key);
        var list = section.GetSection(key);
        var entries = list.GetChildren().ToList();
        if (!string.IsNullOrEmpty(list.Value) || entries.Exists(e => !int.TryParse(e.Key, CultureInfo.InvariantCulture, out _)))
        {
            Fail(key, "must be a list.");
            return [];
        }

        return entries.ConvertAll(e => new SectionReader(e, errors));
    }

    /// <summary>The members of an object whose names are free.</summary>
    public IReadOnlyList<SectionReader> Members(string key)
    {
        Child(key);
        return section.GetSection(key).GetChildren().Select(c => new SectionReader(c, errors)).ToList();
    }

    /// <summary>A list of words; null when it is missing.</summary>
    public IReadOnlyList<string>? Words(string key)
    {
        var items = Items(key);
        return section.GetSection(key).Exists() ? items.Select(i => i.Word()).OfType<string>().ToList() : null;
    }

    /// <summary>A member's free-named number, for policy options.</summary>
    public double? OwnNumber()
    {
        if (double.TryParse(section.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
        {
            return number;
        }

        Fail(null, $"is '{section.Value}'; it must be a number.");
        return null;
    }

    public void RefuseUnknown()
    {
        foreach (var child in section.GetChildren().Where(c => !_known.Contains(c.Key)))
        {
            // Only the name is shown: the value may be a key that somebody put in the wrong place.
            errors.Add(new SettingsError(JsonPath(child.Path), $"is not known; {Path} takes {string.Join(", ", _known)}."));
        }
    }

    private string? Word()
    {
        if (!string.IsNullOrWhiteSpace(section.Value))
        {
            return section.Value;
        }

        Fail(null, "must be a text that is not blank.");
        return null;
    }

    private string? Scalar(string key)
    {
        _known.Add(key);
        var child = section.GetSection(key);
        if (child.GetChildren().Any())
        {
            Fail(key, "must be a single value, not an object or a list.");
            return null;
        }

        return child.Value;
    }

    private static string JsonPath(string path)
    {
        var result = new StringBuilder();
        foreach (var part in path.Split(ConfigurationPath.KeyDelimiter))
        {
            if (int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                result.Append(CultureInfo.InvariantCulture, $"[{index}]");
            }
            else
            {
                result.Append(result.Length == 0 ? "" : ".").Append(part);
            }
        }

        return result.ToString();
    }
}
