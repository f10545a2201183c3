using System.Globalization;
using System.Text;

namespace MetaLlm.FunctionalTests.Fuzz;

/// <summary>A request as bytes, but for its parts' borders.</summary>
/// <param name="Endpoint">Where it came from, for signatures: the seed's name.</param>
/// <param name="Method">Method.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Version">Protocol.</param>
/// <param name="Headers">Headers but for those that frame the body.</param>
/// <param name="Body">Body.</param>
/// <param name="Framing">Headers and bytes that frame the body, with {0} for the body; null for a length that is right.</param>
internal sealed record FuzzRequest(
    string Endpoint, string Method, string Path, string Version, IReadOnlyList<string> Headers, byte[] Body, string? Framing = null)
{
    /// <summary>Whether the server knows where the request ends, so that the connection can go on.</summary>
    public bool IsFramed => Framing is null && Version == "HTTP/1.1";

    public byte[] ToBytes()
    {
        var head = new StringBuilder().Append(Method).Append(' ').Append(Path).Append(' ').Append(Version).Append("\r\n");
        foreach (var header in Headers)
        {
            head.Append(header).Append("\r\n");
        }

        if (Framing is null)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n\r\n");
            return [.. Encoding.Latin1.GetBytes(head.ToString()), .. Body];
        }

        var cut = Framing.IndexOf("{0}", StringComparison.Ordinal);
        var (before, after) = cut < 0 ? (Framing, "") : (Framing[..cut], Framing[(cut + 3)..]);
        return [.. Encoding.Latin1.GetBytes(head.Append(before).ToString()), .. cut < 0 ? [] : Body, .. Encoding.Latin1.GetBytes(after)];
    }
}
