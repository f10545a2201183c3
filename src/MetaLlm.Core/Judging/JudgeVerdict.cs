using System.Globalization;

namespace MetaLlm.Core.Judging;

/// <summary>What one judge said of an answer.</summary>
/// <param name="Judge">Its id: letters, digits, '-', '_' and '.'.</param>
/// <param name="Version">Version of its model and rubric. Another version is another judge: nothing measured of one counts for the other.</param>
/// <param name="Score">The verdict as it was given, 0 to 1.</param>
/// <param name="Inclusion">Probability with which the answer was taken to be judged, above 0 to 1.</param>
/// <param name="Position">Of a comparison in both orders: 1 where the first place won both, -1 where the second did, else 0; null for no comparison.</param>
[GenerateSerializer, Immutable, Alias("metallm.judge-verdict")]
public sealed record JudgeVerdict(
    [property: Id(0)] string Judge,
    [property: Id(1)] int Version,
    [property: Id(2)] double Score,
    [property: Id(3)] double Inclusion,
    [property: Id(4)] int? Position = null)
{
    /// <summary>Most verdicts on one answer.</summary>
    public const int Most = 8;

    private const int Fewest = 4;

    /// <summary>Judge and version, as <c>quality@2</c>.</summary>
    public string Name => NameOf(Judge, Version);

    /// <summary>Judge and version, as <c>quality@2</c>.</summary>
    /// <param name="judge">The judge.</param>
    /// <param name="version">The version.</param>
    public static string NameOf(string judge, int version) => string.Create(CultureInfo.InvariantCulture, $"{judge}@{version}");

    /// <summary>Where a reward comes from, as <c>judge:quality@2</c>; of several judges with commas between.</summary>
    /// <param name="verdicts">The verdicts that it was made of.</param>
    public static string SourceOf(IReadOnlyList<JudgeVerdict> verdicts) => "judge:" + string.Join(',', verdicts.Select(verdict => verdict.Name));

    /// <summary>Writes verdicts as a journal keeps them, such as <c>quality 2 0.75 0.1 -</c>, several with semicolons between.</summary>
    /// <param name="verdicts">One or more.</param>
    public static string Encode(IReadOnlyList<JudgeVerdict> verdicts) => string.Join(';', verdicts.Select(verdict => string.Create(
        CultureInfo.InvariantCulture, $"{verdict.Judge} {verdict.Version} {verdict.Score:R} {verdict.Inclusion:R} {(verdict.Position is { } position ? position.ToString(CultureInfo.InvariantCulture) : "-")}")));

    /// <summary>Reads what <see cref="Encode"/> wrote. What later releases add at the end of a verdict is passed over.</summary>
    /// <param name="text">The text; null or empty for none.</param>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static IReadOnlyList<JudgeVerdict> Decode(string? text) =>
        string.IsNullOrEmpty(text) ? [] : [.. text.Split(';').Select(part => One(part.Split(' '), text))];

    /// <summary>What is wrong with it; null for nothing.</summary>
    public string? Fault()
    {
        if (Judge is null or { Length: 0 or > 64 } || Judge.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            return $"The judge is '{Judge}'; 1 to 64 letters, digits, '-', '_' and '.' are legal.";
        }

        return Version < 1 ? $"The version is {Version}; it must be at least 1."
            : !(Score >= 0 && Score <= 1) ? $"The verdict is {Score}; it must be 0 to 1."
            : !(Inclusion > 0 && Inclusion <= 1) ? $"The probability of being judged is {Inclusion}; it must be above 0 and at most 1."
            : Position is < -1 or > 1 ? $"The position is {Position}; it must be -1, 0 or 1."
            : null;
    }

    private static JudgeVerdict One(string[] parts, string text)
    {
        int? position = null;
        if (parts.Length >= Fewest && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            && double.TryParse(parts[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var score)
            && double.TryParse(parts[3], NumberStyles.Float, CultureInfo.InvariantCulture, out var inclusion))
        {
            if (parts.Length > Fewest && int.TryParse(parts[4], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var given))
            {
                position = given;
            }

            var verdict = new JudgeVerdict(parts[0], version, score, inclusion, position);
            if (verdict.Fault() is null)
            {
                return verdict;
            }
        }

        throw new InvalidDataException($"The verdict '{text}' is damaged; a judge, its version, the score and the probability of being judged are legal.");
    }
}
