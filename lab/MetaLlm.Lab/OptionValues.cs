using System.Globalization;

namespace MetaLlm.Lab;

/// <summary>Turns option texts into values and collects every problem, so that the user sees all of them at once.</summary>
internal sealed class OptionValues
{
    private readonly List<string> _problems = [];

    /// <summary>Whether a text is meant as a number.</summary>
    public static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    /// <summary>Reads a number.</summary>
    /// <param name="option">Name of the option, for the message.</param>
    /// <param name="text">What was given.</param>
    /// <param name="range">The legal values in words.</param>
    /// <param name="isLegal">Whether a finite number is within the range.</param>
    /// <returns>The number; 0 when it is not legal, which is noted as a problem.</returns>
    public double Number(string option, string text, string range, Func<double, bool> isLegal)
    {
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && isLegal(number))
        {
            return number;
        }

        _problems.Add($"{option}: {text} is not usable; it must be {range}.");
        return 0;
    }

    /// <summary>Reads a share, 0 to 1; 0 when not given.</summary>
    public double Share(string option, string? text) =>
        text is null ? 0 : Number(option, text, "a number from 0 to 1", n => n is >= 0 and <= 1);

    /// <summary>Reads a whole number.</summary>
    /// <param name="option">Name of the option, for the message.</param>
    /// <param name="text">What was given, or null.</param>
    /// <param name="absent">Value when nothing was given.</param>
    /// <param name="least">Smallest legal value.</param>
    /// <param name="most">Largest legal value.</param>
    public int Integer(string option, string? text, int absent, int least, int most)
    {
        if (text is null)
        {
            return absent;
        }

        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        _problems.Add($"{option}: {text} is not usable; it must be a whole number from {least} to {most}.");
        return absent;
    }

    /// <summary>Reads one of a few words.</summary>
    public string Choice(string option, string text, IReadOnlyCollection<string> words)
    {
        if (!words.Contains(text, StringComparer.Ordinal))
        {
            _problems.Add($"{option}: {text} is not usable; it must be one of {string.Join(", ", words)}.");
        }

        return text;
    }

    /// <summary>Reads names that are separated by commas: at least one, none empty, none twice.</summary>
    public IReadOnlyList<string> Names(string option, string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries);
        if (names.Contains(string.Empty) || names.Distinct(StringComparer.Ordinal).Count() != names.Length)
        {
            _problems.Add($"{option}: {text} is not usable; it must be names separated by commas, none empty and none twice.");
        }

        return names;
    }

    /// <summary>Notes a problem that another check found.</summary>
    /// <param name="message">One sentence.</param>
    public void Problem(string message) => _problems.Add(message);

    /// <summary>Reports what was noted.</summary>
    /// <exception cref="BadInputException">There is at least one problem.</exception>
    public void ThrowIfAnyProblem()
    {
        if (_problems.Count > 0)
        {
            throw new BadInputException(_problems);
        }
    }
}
