using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Tenants;

namespace MetaLlm.Host.Admin;

/// <summary>Reads files with tenants: a list of them, an object whose <c>tenants</c> is one, or a whole configuration file.</summary>
internal static class TenantFile
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>What belongs to a configuration file alone.</summary>
    private static readonly string[] OfFiles = [.. TenantDocument.OfFiles, "$schema"];

    /// <summary>Reads tenants, without their keys.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SettingsException">It cannot be used.</exception>
    public static IReadOnlyList<JsonObject> Read(string path)
    {
        var root = Parse(ReadText(path), path);
        var list = root as JsonArray ?? root?["tenants"] as JsonArray ?? root?["MetaLlm"]?["tenants"] as JsonArray
            ?? throw Unusable(path, "has no list of tenants: it must be one, or an object whose 'tenants' or 'MetaLlm.tenants' is one.");
        var tenants = list.Select((entry, i) => entry is JsonObject tenant && tenant["id"] is JsonValue id && id.GetValueKind() == JsonValueKind.String
            ? Cleaned(tenant)
            : throw Unusable(path, $"has no tenant with an 'id' in place {i} of its list.")).ToList();
        return tenants.GroupBy(Id).FirstOrDefault(group => group.Count() > 1) is { } doubled
            ? throw Unusable(path, $"has tenant '{doubled.Key}' twice.")
            : tenants;
    }

    /// <summary>Reads one tenant, without its keys.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SettingsException">It cannot be used.</exception>
    public static JsonObject ReadOne(string path) => Parse(ReadText(path), path) is JsonObject tenant ? Cleaned(tenant) : throw Unusable(path, "is no object; it must be a tenant.");

    /// <summary>Id of a tenant.</summary>
    public static string Id(JsonObject tenant) => (string)tenant["id"]!;

    /// <summary>Reads JSON.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What errors call it.</param>
    /// <exception cref="SettingsException">It is no JSON.</exception>
    public static JsonNode? Parse(string text, string name)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Lenient);
        }
        catch (JsonException e)
        {
            throw Unusable(name, $"is no well-formed JSON: {e.Message}");
        }
    }

    private static JsonObject Cleaned(JsonObject tenant)
    {
        var cleaned = (JsonObject)tenant.DeepClone();
        foreach (var member in OfFiles)
        {
            cleaned.Remove(member);
        }

        return cleaned;
    }

    private static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, $"cannot be read: {e.Message}");
        }
    }

    private static SettingsException Unusable(string name, string problem) => new([new SettingsError(name, problem)]);
}
