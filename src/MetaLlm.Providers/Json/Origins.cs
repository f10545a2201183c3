using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Json;

/// <summary>Reads what an upstream itself calls an answer.</summary>
internal static class Origins
{
    /// <summary>Longest name that is handed on: it is meant for spans.</summary>
    private const int Longest = 256;

    /// <param name="json">An answer or an event of one: a well-formed object.</param>
    public static AnswerOrigin Read(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.Read();
        string? id = null, model = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isId, isModel) = (reader.ValueTextEquals("id"u8), reader.ValueTextEquals("model"u8));
            reader.Read();
            id = isId ? Text(ref reader) : id;
            model = isModel ? Text(ref reader) : model;
            reader.Skip();
        }

        return new AnswerOrigin(id, model);
    }

    private static string? Text(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && reader.ValueSpan.Length is > 0 and <= Longest ? reader.GetString() : null;
}
