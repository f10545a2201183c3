namespace MetaLlm.Providers.Dialects;

/// <summary>A <c>data:</c> URL.</summary>
/// <param name="MediaType">Its media type without parameters, in lower case.</param>
/// <param name="Base64">Its data where they are base64, else null.</param>
/// <param name="Plain">Its data as they stand.</param>
internal readonly record struct DataUrl(string MediaType, string? Base64, string Plain)
{
    private const string Scheme = "data:";

    /// <summary>Reads one; false when the text is another URL or none.</summary>
    public static bool TryRead(string url, out DataUrl data)
    {
        data = default;
        var comma = url.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? url.IndexOf(',', StringComparison.Ordinal) : -1;
        if (comma < 0)
        {
            return false;
        }

        var parts = url[Scheme.Length..comma].Split(';', StringSplitOptions.TrimEntries);
        var type = parts[0].Length > 0 ? parts[0].ToLowerInvariant() : "text/plain";
        var plain = url[(comma + 1)..];
        data = new DataUrl(type, parts.Contains("base64", StringComparer.OrdinalIgnoreCase) ? plain : null, plain);
        return true;
    }
}
