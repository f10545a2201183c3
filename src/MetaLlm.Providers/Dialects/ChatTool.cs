using System.Text.Json;

namespace MetaLlm.Providers.Dialects;

/// <summary>A function that a model may call.</summary>
/// <param name="Name">Its name, a text.</param>
/// <param name="Function">Has <c>description</c>, <c>parameters</c> and <c>strict</c>.</param>
/// <param name="Cache">Its mark for a cache; null for none.</param>
internal readonly record struct ChatTool(JsonElement Name, JsonElement Function, JsonElement? Cache)
{
    /// <summary>Whether arguments must follow the schema.</summary>
    public bool IsStrict => Function.Says("strict", out var strict) && strict.ValueKind == JsonValueKind.True;
}
