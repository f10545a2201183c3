using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MetaLlm.Engine.Configuration;

/// <summary>One member of a settings class: its name, what it may be, and what it is when nobody says.</summary>
internal sealed class SettingsMember
{
    private const int LongestText = 256;
    private readonly PropertyInfo? _holder;
    private readonly StringLengthAttribute? _length;
    private readonly RegularExpressionAttribute? _pattern;

    /// <param name="property">The property.</param>
    /// <param name="holder">The property that it is inlined from; null for none.</param>
    /// <param name="standard">Its value when nobody says.</param>
    public SettingsMember(PropertyInfo property, PropertyInfo? holder, object? standard)
    {
        Property = property;
        _holder = holder;
        var type = property.PropertyType;
        if (type.IsGenericType && type.GetGenericTypeDefinition() is { } open && (open == typeof(IReadOnlyList<>) || open == typeof(IReadOnlyDictionary<,>)))
        {
            Form = open == typeof(IReadOnlyList<>) ? SettingsForm.List : SettingsForm.Map;
            type = type.GetGenericArguments()[^1];
        }

        Type = Nullable.GetUnderlyingType(type) ?? type;
        Kind = KindOf(Type);
        Name = property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
            ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name) + (Kind == SettingsKind.Seconds ? "Seconds" : "");
        InFile = !property.IsDefined(typeof(JsonIgnoreAttribute));
        IsRequired = property.IsDefined(typeof(RequiredMemberAttribute));
        NeedsRestart = property.IsDefined(typeof(NeedsRestartAttribute));
        IsWhole = Kind == SettingsKind.Integer || property.IsDefined(typeof(WholeSecondsAttribute));
        _length = property.GetCustomAttribute<StringLengthAttribute>();
        _pattern = property.GetCustomAttribute<RegularExpressionAttribute>();
        Choices = Kind == SettingsKind.Choice ? Enum.GetNames(Type).ToDictionary(n => ChoiceName(Type, n), n => Enum.Parse(Type, n))
            : property.GetCustomAttribute<AllowedValuesAttribute>()?.Values.ToDictionary(v => (string)v!, v => v!);
        if (property.GetCustomAttribute<RangeAttribute>() is { } range)
        {
            (Minimum, Maximum, IsAboveMinimum) = (Limit(range.Minimum), Limit(range.Maximum), range.MinimumIsExclusive);
        }

        var said = property.GetCustomAttribute<DefaultValueAttribute>()?.Value;
        DefaultText = said as string;
        Default = DefaultText is null ? said ?? standard : null;
    }

    public PropertyInfo Property { get; }

    public string Name { get; }

    public SettingsForm Form { get; }

    /// <summary>What the value is, or each of the values.</summary>
    public SettingsKind Kind { get; }

    /// <summary>Type of the value, or of each of the values.</summary>
    public Type Type { get; }

    public bool InFile { get; }

    public bool IsRequired { get; }

    public bool NeedsRestart { get; }

    /// <summary>Whether fractions are illegal.</summary>
    public bool IsWhole { get; }

    /// <summary>Words that are legal, with what each stands for; null where words are free.</summary>
    public IReadOnlyDictionary<string, object>? Choices { get; }

    /// <summary>Least value, in seconds for a duration.</summary>
    public decimal? Minimum { get; }

    public decimal? Maximum { get; }

    public bool IsAboveMinimum { get; }

    /// <summary>Most characters of a text.</summary>
    public int Longest => _length?.MaximumLength ?? LongestText;

    public string? Pattern => _pattern?.Pattern;

    /// <summary>The value when nobody says; null where there is none, or where <see cref="DefaultText"/> says it.</summary>
    public object? Default { get; }

    /// <summary>What the default depends on; null where it is the same everywhere.</summary>
    public string? DefaultText { get; }

    /// <summary>What a value must be.</summary>
    public string Legal => Kind switch
    {
        _ when Choices is not null => $"one of {string.Join(", ", Choices.Keys)}",
        SettingsKind.Flag => "true or false",
        SettingsKind.Integer or SettingsKind.Number or SettingsKind.Seconds => (IsWhole ? "a whole number" : "a number") + Range,
        SettingsKind.Address => "an IP address that others can connect to",
        SettingsKind.Variable => "the name of an environment variable",
        SettingsKind.File => "the path of a file",
        SettingsKind.Json => FormattableString.Invariant($"a number, true, false or a text of 1 to {Longest} characters, which may be JSON"),
        SettingsKind.Text => FormattableString.Invariant($"a text of 1 to {Longest} characters"),
        _ => "an object",
    };

    private string Range => Minimum is null ? "" : FormattableString.Invariant($" {(IsAboveMinimum ? "above" : "from")} {Minimum} to {Maximum}");

    public object? Get(object settings) => Property.GetValue(_holder is null ? settings : _holder.GetValue(settings));

    public void Set(object settings, object? value) => Property.SetValue(_holder is null ? settings : _holder.GetValue(settings), value);

    /// <summary>Reads one value. What is wrong gives a problem, and no value; a variable or a file is given even then, without a value of its own.</summary>
    /// <param name="text">What the configuration says.</param>
    /// <param name="sources">Where secrets come from.</param>
    public (object? Value, string? Problem) Parse(string text, SecretSources sources)
    {
        if (Kind == SettingsKind.File)
        {
            return ParseFile(text, sources);
        }

        object? value = Kind switch
        {
            SettingsKind.Flag => bool.TryParse(text, out var flag) ? flag : null,
            SettingsKind.Integer => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && IsInRange(whole)
                ? Convert.ChangeType(whole, Type, CultureInfo.InvariantCulture) : null,
            SettingsKind.Number => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && IsInRange(number) ? number : null,
            SettingsKind.Seconds => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && IsInRange(seconds)
                ? TimeSpan.FromSeconds(seconds) : null,
            SettingsKind.Address => IPAddress.TryParse(text, out var address) && IsReachable(address) ? address : null,
            SettingsKind.Variable when TextProblem(text) is null && sources.Variable(text)?.Trim() is { Length: > 0 } held => new EnvironmentValue(text, held),
            _ => Choices?.GetValueOrDefault(text),
        };
        return Kind switch
        {
            _ when value is not null => (value, null),
            SettingsKind.Text when Choices is null => TextProblem(text) is { } problem ? (null, problem) : (text, null),
            SettingsKind.Json => TextProblem(text) is { } problem ? (null, problem) : (JsonText.Parse(text), null),
            SettingsKind.Variable => (new EnvironmentValue(text, ""), TextProblem(text) ?? $"names the environment variable '{text}', which is not set."),
            _ => (null, $"is '{text}'; it must be {Legal}."),
        };
    }

    private (object? Value, string? Problem) ParseFile(string path, SecretSources sources)
    {
        if (TextProblem(path) is { } problem)
        {
            return (new SecretFile(path, ""), problem);
        }

        var (text, wrong) = sources.File(path);
        var file = new SecretFile(path, text ?? "");
        return Form == SettingsForm.One && file.Lines.Count > 1
            ? (file with { Value = "" }, $"names the file '{path}', which has {file.Lines.Count} lines; one is needed.")
            : (file, wrong);
    }

    /// <summary>What is wrong with a value that code has set; null when nothing is.</summary>
    public string? Problem(object? value) => value switch
    {
        // Some texts are secrets, so that none is repeated.
        string or null when Kind == SettingsKind.Text && Form == SettingsForm.One =>
            value is null || !Property.IsDefined(typeof(RequiredAttribute)) ? null : TextProblem((string)value),
        TimeSpan time => IsInRange(time.TotalSeconds) ? null : FormattableString.Invariant($"is {time}; it must be{(IsWhole ? " whole seconds" : "")} {Between}."),
        int or long or double => IsInRange(Convert.ToDouble(value, CultureInfo.InvariantCulture)) ? null
            : FormattableString.Invariant($"is {value}; it must be {(IsAboveMinimum ? "above" : "between")} {Minimum} and {Maximum}."),
        Enum => Enum.IsDefined(Type, value) ? null : $"is {value}; it must be one of {string.Join(", ", Enum.GetNames(Type))}.",
        IPAddress address => IsReachable(address) ? null : $"is {address}; it must be an address that others can connect to.",
        _ => null,
    };

    private string Between => $"{(IsAboveMinimum ? "above" : "between")} {Time(Minimum)} and {Time(Maximum)}";

    private static TimeSpan Time(decimal? seconds) => TimeSpan.FromSeconds((double)seconds!);

    private static bool IsReachable(IPAddress address) => !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any);

    private bool IsInRange(double number) => double.IsFinite(number) && (!IsWhole || Math.Floor(number) == number)
        && (Minimum is null || ((IsAboveMinimum ? number > (double)Minimum : number >= (double)Minimum) && number <= (double)Maximum!));

    private string? TextProblem(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > Longest || text.Any(char.IsControl))
        {
            return FormattableString.Invariant($"has {text.Length} characters; 1 to {Longest} are needed, not all blank, without control characters.");
        }

        return _pattern is null || _pattern.IsValid(text) ? null : $"is '{text}'; {_pattern.ErrorMessage}.";
    }

    private decimal Limit(object limit) => Kind == SettingsKind.Seconds
        ? (decimal)TimeSpan.Parse((string)limit, CultureInfo.InvariantCulture).TotalSeconds
        : Convert.ToDecimal(limit, CultureInfo.InvariantCulture);

    private static string ChoiceName(Type type, string name) =>
        type.GetField(name)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(name);

    private static SettingsKind KindOf(Type type) => type switch
    {
        _ when type == typeof(string) => SettingsKind.Text,
        _ when type == typeof(bool) => SettingsKind.Flag,
        _ when type == typeof(int) || type == typeof(long) => SettingsKind.Integer,
        _ when type == typeof(double) => SettingsKind.Number,
        _ when type == typeof(TimeSpan) => SettingsKind.Seconds,
        _ when type == typeof(IPAddress) => SettingsKind.Address,
        _ when type == typeof(JsonText) => SettingsKind.Json,
        _ when type == typeof(EnvironmentValue) => SettingsKind.Variable,
        _ when type == typeof(SecretFile) => SettingsKind.File,
        { IsEnum: true } => SettingsKind.Choice,
        _ => SettingsKind.Object,
    };
}
