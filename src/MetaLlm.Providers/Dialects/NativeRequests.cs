using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects;

/// <summary>Sends a client's own request to an upstream of its format, with another model's name in it.</summary>
internal static class NativeRequests
{
    /// <summary>Writes the request.</summary>
    /// <param name="dialect">What the upstream speaks.</param>
    /// <param name="call">The call.</param>
    /// <param name="chat">The same request as a chat completion.</param>
    /// <returns>Null where the formats differ, or where something is to be changed that is said in terms of chat: then the translated request goes.</returns>
    /// <exception cref="ChatProviderException">The translated request would lack what the client asks for (<see cref="ChatFailure.Objected"/>).</exception>
    public static DialectRequest? Write(IChatDialect dialect, ChatCall call, RequestBody chat)
    {
        if (dialect is not INativeDialect own || call.Native is not { } native || native.Protocol != dialect.Protocol || chat.IsChanged)
        {
            return call.Native is { IsRequired: true }
                ? throw Untranslatable.Member("model", "is a model for which requests are changed before they are sent; what only their own format has cannot be sent to it then.")
                : null;
        }

        var output = new ArrayBufferWriter<byte>(native.Body.Length + 64);
        JsonSplicer.Edit(native.Body.Span, [new("model", JsonSerializer.SerializeToUtf8Bytes(call.Model), AddIfMissing: true), new("metallm", null), .. own.NativeEdits(chat)], output);
        return new DialectRequest(output.WrittenMemory, []) { IsNative = true };
    }
}
