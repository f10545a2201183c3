using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Dialects;

/// <summary>Objections that a dialect raises before anything is sent, since its upstream has no word for what a client asks. Another model may have one.</summary>
internal static class Untranslatable
{
    private const int Status = 400;

    /// <summary>The failure of the attempt.</summary>
    /// <param name="parameter">Member of the request.</param>
    /// <param name="why">What about it, as the end of a sentence that begins with its name: "is 2; this model gives one choice."</param>
    public static ChatProviderException Member(string parameter, string why) =>
        new(ChatFailure.Objected, $"The model's protocol has no word for '{parameter}'.")
        {
            UpstreamStatus = Status,
            NeverSent = true,
            Objection = new UpstreamObjection(Status, "application/json", Body(parameter, $"'{parameter}' {why}")),
        };

    private static ReadOnlyMemory<byte> Body(string parameter, string message)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("message", message);
            json.WriteString("type", "invalid_request_error");
            json.WriteString("param", parameter);
            json.WriteString("code", "unsupported_parameter");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return output.WrittenMemory;
    }
}
