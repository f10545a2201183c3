using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Dialects;

/// <summary>The limit of an answer's length, thinking included, in tokens.</summary>
internal static class AnswerLimit
{
    /// <summary>The limit where neither request nor configuration has one; caps set aside as much.</summary>
    private const int Usual = 16_384;

    /// <summary>The lower of the request's two limits; null where it has none.</summary>
    /// <exception cref="ChatProviderException">One is no whole number.</exception>
    public static int? Asked(JsonElement request)
    {
        int? asked = null;
        foreach (var name in (ReadOnlySpan<string>)["max_tokens", "max_completion_tokens"])
        {
            if (request.Says(name, out var limit))
            {
                asked = limit.ValueKind == JsonValueKind.Number && limit.TryGetInt32(out var number)
                    ? Math.Min(asked ?? int.MaxValue, number)
                    : throw Untranslatable.Member(name, "is no whole number.");
            }
        }

        return asked;
    }

    /// <summary>The limit for a model that must be given one: its own, else the usual one; never more than caps have set aside for.</summary>
    public static int Standard(CallOptions options) =>
        options.MaxOutputTokens > 0 ? options.MaxOutputTokens
        : options.ContextTokens > 0 ? Math.Min(options.ContextTokens, Usual)
        : Usual;
}
