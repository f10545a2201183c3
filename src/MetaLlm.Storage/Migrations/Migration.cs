using System.Security.Cryptography;
using System.Text;

namespace MetaLlm.Storage.Migrations;

/// <summary>One numbered change of a schema.</summary>
/// <param name="Version">Its number, from 1 without gaps.</param>
/// <param name="Name">Its number and title, for example <c>0001-initial</c>.</param>
/// <param name="Script">SQL statements.</param>
public sealed record Migration(int Version, string Name, string Script)
{
    /// <summary>SHA-256 of the script in hexadecimal; line endings do not count, because checkouts may change them.</summary>
    public string Checksum =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Script.ReplaceLineEndings("\n"))));
}
