using System.Text.Json;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Dialects;

/// <summary>A dialect that clients speak too. What passes between a client and an upstream of it need not be translated: it is read as any other answer, and handed on as it came.</summary>
internal interface INativeDialect : IChatDialect
{
    /// <summary>An end for streams that lack theirs though the answer is whole.</summary>
    ReadOnlyMemory<byte> End { get; }

    /// <summary>Changes to a client's own request besides that of the model's name.</summary>
    /// <param name="chat">The same request as a chat completion.</param>
    IEnumerable<JsonEdit> NativeEdits(RequestBody chat) => [];

    /// <summary>Reads a streamed answer.</summary>
    /// <param name="body">The answer; the reader does not own it.</param>
    /// <param name="judge">Takes in counts that no chunk can carry.</param>
    TranslatedEvents Translate(Stream body, UsageJudge judge);

    /// <summary>Gives an answer, or the event that begins one, the id and the model name under which the client knows it.</summary>
    /// <param name="json">A whole answer, or the data of an event; a JSON object.</param>
    /// <param name="names">The names.</param>
    /// <returns>The same bytes but for the names; those that came where it bears none.</returns>
    /// <exception cref="JsonException">It is no JSON object.</exception>
    ReadOnlyMemory<byte> Name(ReadOnlyMemory<byte> json, NativeNames names);
}
