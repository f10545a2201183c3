using System.Text.Json;

namespace MetaLlm.Simulator.Http;

/// <summary>Finds the function a request insists on: the first declared for "required", the named one for a named choice.</summary>
internal static class ToolReader
{
    public static RequiredTool? Required(JsonElement? tools, JsonElement? choice)
    {
        var name = choice switch
        {
            { ValueKind: JsonValueKind.Object } named => NameOf(named) ?? throw new FieldException("tool_choice", "tool_choice: it names no function."),
            { ValueKind: JsonValueKind.String } word when word.GetString() == "required" => null,
            _ => string.Empty,
        };
        if (name is { Length: 0 })
        {
            return null;
        }

        if (tools is not { ValueKind: JsonValueKind.Array } declared)
        {
            throw new FieldException("tools", "tools: tool_choice asks for a call but no tools are declared.");
        }

        foreach (var tool in declared.EnumerateArray())
        {
            if (NameOf(tool) is { } candidate && (name is null || candidate == name))
            {
                return new RequiredTool(candidate, tool.GetProperty("function").TryGetProperty("parameters", out var parameters) ? parameters.Clone() : null);
            }
        }

        throw new FieldException("tool_choice", name is null ? "tools: no function is declared." : $"tool_choice: the function '{name}' is not declared.");
    }

    private static string? NameOf(JsonElement tool) =>
        tool.ValueKind == JsonValueKind.Object
        && tool.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
        && function.TryGetProperty("name", out var name) && name.ValueKind == JsonValueKind.String
            ? name.GetString()
            : null;
}
