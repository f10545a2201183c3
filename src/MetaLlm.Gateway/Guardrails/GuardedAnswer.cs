using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.Guardrails;

/// <summary>A chat completion that is looked at before it goes on: a whole body, or the events of a stream. One reader at a time.</summary>
/// <param name="isStream">Whether it comes in events.</param>
internal sealed class GuardedAnswer(bool isStream)
{
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Most bytes of an answer that can be looked at.</summary>
    private const int MostBytes = 64 * 1024 * 1024;

    private readonly List<(JsonObject? Root, byte[] Bytes)> _held = [];
    private long _bytes;

    /// <summary>What it says so far.</summary>
    public JoinedTexts Texts { get; } = new();

    /// <summary>Whether the mark that ends a stream has come.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Reads a piece.</summary>
    /// <param name="part">The body, or events; it may change afterwards.</param>
    /// <param name="isHeld">Whether it is kept until <see cref="Release"/>.</param>
    /// <exception cref="ChatProviderException">It is no JSON, or all pieces together are too long.</exception>
    public void Add(ReadOnlyMemory<byte> part, bool isHeld)
    {
        _bytes += part.Length;
        if (_bytes > MostBytes)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, $"The answer has more than {MostBytes} bytes, which is more than can be looked at.");
        }

        if (!isStream)
        {
            Add(Parse(part), part, isHeld);
            return;
        }

        var (rest, found) = (part, false);
        while (ChatEvents.TryNext(ref rest, out var data))
        {
            HasEnded |= ChatEvents.IsEnd(data);
            Add(ChatEvents.IsObject(data) ? Parse(data) : null, found ? default : part, isHeld);
            found = true;
        }

        if (!found && isHeld)
        {
            _held.Add((null, part.ToArray()));
        }
    }

    /// <summary>Everything that is held, as it came, or with other texts in its place.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Release(IReadOnlyList<string>? texts)
    {
        if (texts is not null)
        {
            Texts.Replace(texts);
            foreach (var (root, _) in _held)
            {
                DropEchoes(root);
            }
        }

        foreach (var (root, bytes) in _held)
        {
            if (texts is null || root is null)
            {
                yield return bytes;
            }
            else
            {
                yield return isStream ? Event(Write(root)) : Write(root);
            }
        }

        _held.Clear();
    }

    /// <summary>Whether events hold the mark that ends a stream.</summary>
    public static bool HasEnd(ReadOnlyMemory<byte> events)
    {
        while (ChatEvents.TryNext(ref events, out var data))
        {
            if (ChatEvents.IsEnd(data))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A document after its texts were replaced.</summary>
    public static byte[] Write(JsonObject root) => JsonSerializer.SerializeToUtf8Bytes(root, AsWritten);

    /// <summary>Takes the probabilities of tokens out of a document, with the tokens.</summary>
    /// <exception cref="ArgumentException">An object has a member twice.</exception>
    public static void DropProbabilities(JsonObject? root)
    {
        foreach (var choice in Choices(root).Where(static choice => choice.ContainsKey("logprobs")))
        {
            choice["logprobs"] = null;
        }
    }

    /// <summary>An event of a stream that holds a document.</summary>
    public static byte[] Event(ReadOnlySpan<byte> document) => [.. "data: "u8, .. document, .. "\n\n"u8];

    private static IEnumerable<JsonObject> Choices(JsonObject? root) => (root?["choices"] as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>Removes what tells the replaced texts once more: their tokens, and their sound.</summary>
    private static void DropEchoes(JsonObject? root)
    {
        DropProbabilities(root);
        foreach (var choice in Choices(root))
        {
            ((choice["message"] ?? choice["delta"]) as JsonObject)?.Remove("audio");
        }
    }

    /// <summary>An object of JSON.</summary>
    /// <exception cref="ChatProviderException">It is none.</exception>
    private static JsonObject Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return (JsonObject)JsonNode.Parse(json.Span)!;
        }
        catch (Exception e) when (e is JsonException or InvalidCastException)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, "The answer holds what is no chat completion.", e);
        }
    }

    private void Add(JsonObject? root, ReadOnlyMemory<byte> bytes, bool isHeld)
    {
        if (root is not null)
        {
            try
            {
                foreach (var slot in TextSlots.OfAnswer(root))
                {
                    Texts.Add(slot);
                }
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException)
            {
                throw new ChatProviderException(ChatFailure.BadAnswer, "The answer holds a text that is none.", e);
            }
        }

        if (isHeld)
        {
            _held.Add((root, bytes.ToArray()));
        }
    }
}
