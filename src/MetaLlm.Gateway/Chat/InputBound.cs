using System.Runtime.InteropServices;
using System.Text.Json;

namespace MetaLlm.Gateway.Chat;

/// <summary>
/// The most prompt tokens that a request can count as. A tokenizer makes at most one token of a byte, so the request's own bytes bound its text: messages, tools,
/// schemas, and the JSON around them, which stands for the tokens between messages. Images, audio and files are not text and have allowances of their own.
/// </summary>
internal static class InputBound
{
    // Instructions that providers add for the use of tools.
    private const double ToolInstructions = 512;

    // Above what any published rule makes of one image at full detail.
    private const double Image = 50_000;

    // Speech is at most a few dozen tokens a second, and even poorly recorded a thousand bytes.
    private const double Audio = 4096;
    private const double TokensPerAudioByte = 1.0 / 16;

    // A document of which only the name is known.
    private const double File = 200_000;

    public static double Of(JsonElement body)
    {
        var tokens = Bytes(body) + (body.TryGetProperty("tools", out _) || body.TryGetProperty("functions", out _) ? ToolInstructions : 0);
        if (body.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array)
        {
            foreach (var message in messages.EnumerateArray())
            {
                if (message.ValueKind == JsonValueKind.Object && message.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Array)
                {
                    foreach (var part in content.EnumerateArray())
                    {
                        tokens += Beyond(part);
                    }
                }
            }
        }

        return tokens;
    }

    /// <summary>What a part may count as beyond its bytes; below 0 where it counts as less.</summary>
    private static double Beyond(JsonElement part)
    {
        if (part.ValueKind != JsonValueKind.Object || !part.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
        {
            return 0;
        }

        var bytes = Bytes(part);
        return Kind(type) switch
        {
            PartKind.Text => 0,
            PartKind.Image => Image - bytes,
            PartKind.Audio => Audio + (bytes * TokensPerAudioByte) - bytes,
            _ => File,
        };
    }

    private static PartKind Kind(JsonElement type) =>
        type.ValueEquals("text") || type.ValueEquals("refusal") ? PartKind.Text
        : type.ValueEquals("image_url") || type.ValueEquals("input_image") || type.ValueEquals("image") ? PartKind.Image
        : type.ValueEquals("input_audio") || type.ValueEquals("audio") ? PartKind.Audio
        : PartKind.Other;

    private static int Bytes(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).Length;

    private enum PartKind
    {
        Text,
        Image,
        Audio,
        Other,
    }
}
