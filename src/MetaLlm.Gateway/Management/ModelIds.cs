using System.Text.Json.Nodes;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Management;

/// <summary>Ids of models in tenants' documents, as URLs can name them.</summary>
internal static class ModelIds
{
    private static readonly string[] Lists = ["arms", "embeddingModels"];

    /// <summary>Refuses ids that no URL can name. Those that a document had before may stay, so that the rest of it can be changed.</summary>
    /// <param name="document">The document.</param>
    /// <param name="before">The one that it replaces; null for none.</param>
    /// <exception cref="ApiException">An id that is new cannot be named.</exception>
    public static void RefuseUnnameable(JsonObject document, JsonObject? before)
    {
        var known = before is null ? [] : Of(before).Select(model => model.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var (path, id) in Of(document).Where(model => !IsNameable(model.Id) && !known.Contains(model.Id)))
        {
            throw ApiException.BadField(path, Problem(id));
        }
    }

    /// <summary>What is wrong with an id that no URL can name.</summary>
    public static string Problem(string id) => $"is '{id}'; it must have no '%', and no part between slashes that is '.' or '..', since URLs name models.";

    /// <summary>Whether a URL can name an id.</summary>
    public static bool IsNameable(string id) => !id.Contains('%', StringComparison.Ordinal) && !id.Split('/').Any(part => part is "." or "..");

    private static IEnumerable<(string Path, string Id)> Of(JsonObject document) =>
        from list in Lists
        from model in (document[list] as JsonArray ?? []).Index()
        where model.Item is JsonObject one && one["id"] is JsonValue value && value.TryGetValue(out string? _)
        select (FormattableString.Invariant($"$.{list}[{model.Index}].id"), model.Item!["id"]!.GetValue<string>());
}
