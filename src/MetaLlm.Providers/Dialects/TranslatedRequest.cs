using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects;

/// <summary>Has a dialect write a request in its own format.</summary>
internal static class TranslatedRequest
{
    /// <summary>Reads the chat completion request and hands it on.</summary>
    /// <exception cref="Engine.Ports.ChatProviderException">It holds a text that is none, or the format has no word for something.</exception>
    public static DialectRequest Write(RequestBody chat, Func<JsonElement, DialectRequest> write)
    {
        using var document = JsonDocument.Parse(chat.Bytes);
        try
        {
            return write(document.RootElement);
        }
        catch (InvalidOperationException)
        {
            // A text that is to be decoded, such as arguments, holds an escape that is no character.
            throw Untranslatable.Member("messages", "holds a text that is no Unicode.");
        }
    }
}
