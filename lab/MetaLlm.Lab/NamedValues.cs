namespace MetaLlm.Lab;

/// <summary>Option texts of the form <c>name=value,name=value</c>.</summary>
internal static class NamedValues
{
    /// <summary>Reads them; what is unknown, given twice or has no value is noted as a problem.</summary>
    /// <param name="values">Notes problems.</param>
    /// <param name="option">Name of the option, for messages.</param>
    /// <param name="text">What was given.</param>
    /// <param name="names">The names that there are.</param>
    public static Dictionary<string, string> Read(OptionValues values, string option, string text, IReadOnlyCollection<string> names)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            var name = at < 0 ? part : part[..at];
            if (at < 0 || at == part.Length - 1 || !names.Contains(name, StringComparer.Ordinal) || !given.TryAdd(name, part[(at + 1)..]))
            {
                values.Problem($"{option}: {part} is not usable; it must be name=value, each name once, with a name out of {string.Join(", ", names)}.");
            }
        }

        return given;
    }
}
