using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces;

/// <summary>The words in a model's objection, for surfaces whose errors have another form than the model's.</summary>
internal static class ObjectionText
{
    private const string Unsaid = "The model objects to the request, and does not say why.";

    /// <summary>What a model said, as an error of ours.</summary>
    public static ApiError ToError(UpstreamObjection objection) => new(ErrorCode.ModelObjected, Of(objection)) { Status = objection.Status };

    /// <summary>The message of the body, wherever servers put it.</summary>
    private static string Of(UpstreamObjection objection)
    {
        try
        {
            using var document = JsonDocument.Parse(objection.Body);
            var root = document.RootElement;
            var error = Member(root, "error") ?? root;
            return Text(Member(error, "message")) ?? Text(error) ?? Text(Member(root, "message")) ?? Text(Member(root, "detail")) ?? Unsaid;
        }
        catch (JsonException)
        {
            return Unsaid;
        }
        catch (InvalidOperationException)
        {
            // An escape that is no character.
            return Unsaid;
        }
    }

    private static JsonElement? Member(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } said ? said : null;
}
