using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace MetaLlm.Storage.Migrations;

/// <summary>One numbered change of a schema.</summary>
/// <param name="Version">Its number, from 1 without gaps.</param>
/// <param name="Name">Its number and title, for example <c>0001-initial</c>.</param>
/// <param name="Script">SQL statements.</param>
public sealed partial record Migration(int Version, string Name, string Script)
{
    /// <summary>SHA-256 of the script in hexadecimal; line endings do not count, because checkouts may change them.</summary>
    public string Checksum =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Script.ReplaceLineEndings("\n"))));

    /// <summary>
    /// The newest version that a build must know at least to run on a database with this migration: its own, unless a line of the script says
    /// <c>-- min-reader: N</c>. A migration that only adds what older builds leave alone says so.
    /// </summary>
    /// <value>1 to <see cref="Version"/>.</value>
    public int MinReader =>
        MinReaderLine().Match(Script) is { Success: true } line
            ? Math.Clamp(int.Parse(line.Groups[1].ValueSpan, CultureInfo.InvariantCulture), 1, Version)
            : Version;

    [GeneratedRegex(@"^-- min-reader: ([0-9]{1,6})\s*$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex MinReaderLine();
}
