using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Headers and parameters of the query that every request gets. Secrets among them come from environment variables or files, and are never logged.</summary>
public sealed partial class RequestAdditions
{
    private const int Most = 32;
    private const int LongestValue = 8192;

    /// <summary>What the gateway or the connection sets.</summary>
    private static readonly string[] Fixed = ["accept", "connection", "content-length", "content-type", "expect", "host", "te", "trailer", "transfer-encoding", "upgrade"];

    /// <summary>Headers of every request, by name; they replace those that the gateway sends.</summary>
    [StringLength(LongestValue)]
    public IReadOnlyDictionary<string, string> Headers { get; set; } = new Dictionary<string, string>();

    /// <summary>Headers whose values are secret: environment variables that hold them, by the header's name.</summary>
    public IReadOnlyDictionary<string, EnvironmentValue> HeaderEnvironments { get; set; } = new Dictionary<string, EnvironmentValue>();

    /// <summary>Headers whose values are secret: files that hold them, by the header's name. Changes of the files are followed.</summary>
    [StringLength(4096)]
    public IReadOnlyDictionary<string, SecretFile> HeaderFiles { get; set; } = new Dictionary<string, SecretFile>();

    /// <summary>Parameters in the query of every request, by name, such as <c>api-version</c>.</summary>
    [StringLength(LongestValue)]
    public IReadOnlyDictionary<string, string> Query { get; set; } = new Dictionary<string, string>();

    /// <summary>Parameters in the query whose values are secret: environment variables that hold them, by the parameter's name.</summary>
    public IReadOnlyDictionary<string, EnvironmentValue> QueryEnvironments { get; set; } = new Dictionary<string, EnvironmentValue>();

    /// <summary>Parameters in the query whose values are secret: files that hold them, by the parameter's name. Changes of the files are followed.</summary>
    [StringLength(4096)]
    public IReadOnlyDictionary<string, SecretFile> QueryFiles { get; set; } = new Dictionary<string, SecretFile>();

    /// <summary>All headers with their values.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> AllHeaders => All(Headers, HeaderEnvironments, HeaderFiles);

    /// <summary>The whole query with its values.</summary>
    internal IReadOnlyList<KeyValuePair<string, string>> WholeQuery => All(Query, QueryEnvironments, QueryFiles);

    internal void Check(SettingsErrors errors)
    {
        CheckHeaders("headers", Headers.Select(h => (h.Key, h.Value)), errors);
        CheckHeaders("headerEnvironments", HeaderEnvironments.Select(h => (h.Key, h.Value.Value)), errors);
        CheckHeaders("headerFiles", HeaderFiles.Select(h => (h.Key, h.Value.Value)), errors);
        CheckQuery("query", Query.Select(h => (h.Key, h.Value)), errors);
        CheckQuery("queryEnvironments", QueryEnvironments.Select(h => (h.Key, h.Value.Value)), errors);
        CheckQuery("queryFiles", QueryFiles.Select(h => (h.Key, h.Value.Value)), errors);
        CheckOnce("headers", AllHeaders, StringComparer.OrdinalIgnoreCase, errors);
        CheckOnce("query", WholeQuery, StringComparer.Ordinal, errors);
    }

    private static IReadOnlyList<KeyValuePair<string, string>> All(
        IReadOnlyDictionary<string, string> texts, IReadOnlyDictionary<string, EnvironmentValue> variables, IReadOnlyDictionary<string, SecretFile> files) =>
        [.. texts, .. variables.Select(v => KeyValuePair.Create(v.Key, v.Value.Value)), .. files.Select(f => KeyValuePair.Create(f.Key, f.Value.Value))];

    private static void CheckHeaders(string member, IEnumerable<(string Name, string Value)> headers, SettingsErrors errors)
    {
        foreach (var (name, value) in headers)
        {
            if (!HeaderName().IsMatch(name))
            {
                errors.At(member).Add(name, "is no name of a header: letters, digits and signs such as '-', 128 at most.");
            }
            else if (Fixed.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                errors.At(member).Add(name, $"is set by the gateway; any header may be named but {string.Join(", ", Fixed)}.");
            }

            // The value may be secret, so that it is not shown.
            if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                errors.At(member).Add(name, "has a value that is no header: visible ASCII signs and blanks alone are legal.");
            }
        }
    }

    private static void CheckQuery(string member, IEnumerable<(string Name, string Value)> parameters, SettingsErrors errors)
    {
        foreach (var (name, value) in parameters)
        {
            if (name.Length is 0 or > 128 || name.Concat(value).Any(char.IsControl))
            {
                errors.At(member).Add(name, "is no parameter of a query: a name of 1 to 128 characters and a value without control characters.");
            }
        }
    }

    private static void CheckOnce(string member, IReadOnlyList<KeyValuePair<string, string>> all, StringComparer comparer, SettingsErrors errors)
    {
        if (all.Count > Most)
        {
            errors.Add(member, $"has {all.Count} members with those from variables and files; {Most} are the most.");
        }

        foreach (var twice in all.GroupBy(p => p.Key, comparer).Where(g => g.Count() > 1))
        {
            errors.At(member).Add(twice.Key, "is given more than once; one value is legal, from the text, a variable or a file.");
        }
    }

    [GeneratedRegex("^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$")]
    private static partial Regex HeaderName();
}
