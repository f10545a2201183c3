using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>
/// Signatures of thought. Each belongs to a part of the answer, a call or the text, and goes back with that part. In between it travels in <c>reasoning_details</c> as
/// encrypted reasoning whose data name the part, since other formats keep nothing of a detail but its data.
/// </summary>
internal static class GeminiReasoning
{
    /// <summary>What such details call their format.</summary>
    public const string Format = "google-gemini-v1";

    private const string Family = "google-gemini";
    private const string Seal = Format + "|";

    /// <summary>The data of a signature.</summary>
    /// <param name="call">Id of the call that it belongs to; empty for the text.</param>
    /// <param name="signature">The signature, base64.</param>
    public static string Pack(string call, string signature) => $"{Seal}{call}|{signature}";

    /// <summary>Whether a detail holds such data, whatever it calls its format.</summary>
    public static bool IsSealed(JsonElement detail) =>
        detail.Says("data", out var data) && data.ValueKind == JsonValueKind.String && data.GetString()!.StartsWith(Seal, StringComparison.Ordinal);

    /// <summary>The signatures of an assistant's message, by the id of their calls; that of its text by the empty one.</summary>
    public static IReadOnlyDictionary<string, string> Of(JsonElement message)
    {
        var signatures = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!message.Says("reasoning_details", out var details) || details.ValueKind != JsonValueKind.Array)
        {
            return signatures;
        }

        foreach (var detail in details.EnumerateArray())
        {
            if (IsSealed(detail))
            {
                // Signatures are base64; ids may be anything.
                var packed = detail.GetProperty("data").GetString()!;
                var end = packed.LastIndexOf('|');
                signatures[end < Seal.Length ? string.Empty : packed[Seal.Length..end]] = packed[(end + 1)..];
            }
            else if (IsBare(detail, out var data))
            {
                signatures[detail.Says("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString()! : string.Empty] = data.GetString()!;
            }
        }

        return signatures;
    }

    /// <summary>Whether another server has told the signature as it is, beside the id of its call.</summary>
    private static bool IsBare(JsonElement detail, out JsonElement data)
    {
        data = default;
        return detail.Says("format", out var format) && format.ValueKind == JsonValueKind.String && format.GetString()!.StartsWith(Family, StringComparison.Ordinal)
            && detail.Says("data", out data) && data.IsFilledText();
    }
}
