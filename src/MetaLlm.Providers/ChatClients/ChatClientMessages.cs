using System.Text.Json;
using MetaLlm.Providers.Dialects;
using Microsoft.Extensions.AI;

namespace MetaLlm.Providers.ChatClients;

/// <summary>Reads the messages of a chat completion request.</summary>
internal static class ChatClientMessages
{
    private const string Name = "messages";

    /// <summary>What signed reasoning of a client calls its format, so that it goes back to that client alone.</summary>
    public static string ReasoningFormat(string client) => $"chat-client/{client}";

    /// <summary>Reads them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="client">The client's name.</param>
    public static List<ChatMessage> Read(JsonElement request, string client)
    {
        var messages = request.Says(Name, out var given) && given.ValueKind == JsonValueKind.Array ? given : throw Untranslatable.Member(Name, "is no list.");
        return [.. messages.EnumerateArray().Select(message => ReadMessage(message, client))];
    }

    private static ChatMessage ReadMessage(JsonElement message, string client)
    {
        var contents = new List<AIContent>();
        var role = Text(message, "role") switch
        {
            "system" or "developer" => ChatRole.System,
            "user" => ChatRole.User,
            "assistant" => ChatRole.Assistant,
            "tool" => ChatRole.Tool,
            _ => throw Untranslatable.Member(Name, "has a message of a role that this model does not know."),
        };
        if (role == ChatRole.Tool)
        {
            contents.Add(new FunctionResultContent(Text(message, "tool_call_id") ?? string.Empty, string.Concat(Parts(message).OfType<TextContent>().Select(t => t.Text))));
        }
        else
        {
            contents.AddRange(Reasoning(message, client));
            contents.AddRange(Parts(message));
            contents.AddRange(Calls(message));
        }

        return new ChatMessage(role, contents) { AuthorName = Text(message, "name") };
    }

    private static IEnumerable<AIContent> Parts(JsonElement message) =>
        !message.Says("content", out var content) ? []
        : content.ValueKind == JsonValueKind.String ? [new TextContent(content.GetString())]
        : content.ValueKind == JsonValueKind.Array ? content.EnumerateArray().Select(ReadPart)
        : throw Untranslatable.Member(Name, "has content that is neither a text nor a list.");

    private static AIContent ReadPart(JsonElement part) => Text(part, "type") switch
    {
        "text" when Text(part, "text") is { } text => new TextContent(text),
        "refusal" when Text(part, "refusal") is { } refusal => new TextContent(refusal),
        "image_url" when part.Says("image_url", out var image) && Text(image, "url") is { } url => url.StartsWith("data:", StringComparison.Ordinal)
            ? new DataContent(url) : new UriContent(new Uri(url, UriKind.Absolute), "image/*"),
        "input_audio" when part.Says("input_audio", out var audio) && Text(audio, "data") is { } sound =>
            new DataContent(Convert.FromBase64String(sound), Text(audio, "format") == "mp3" ? "audio/mpeg" : "audio/wav"),
        "file" when part.Says("file", out var file) && Text(file, "file_data") is { } data => new DataContent(data) { Name = Text(file, "filename") },
        "file" when part.Says("file", out var file) && Text(file, "file_id") is { } id => new HostedFileContent(id),
        var type => throw Untranslatable.Member(Name, $"has a part of type '{type}'; this model reads text, image_url, input_audio and file."),
    };

    private static IEnumerable<AIContent> Calls(JsonElement message) =>
        message.Says("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array ? calls.EnumerateArray().Select(ReadCall) : [];

    private static FunctionCallContent ReadCall(JsonElement call)
    {
        if (!call.Says("function", out var function) || Text(function, "name") is not { } name || Text(call, "id") is not { } id)
        {
            throw Untranslatable.Member(Name, "has a tool call that is no call of a function with id and name.");
        }

        try
        {
            var arguments = Text(function, "arguments") is { Length: > 0 } text ? JsonSerializer.Deserialize<Dictionary<string, object?>>(text) : [];
            return new FunctionCallContent(id, name, arguments);
        }
        catch (JsonException)
        {
            throw Untranslatable.Member(Name, "has a tool call whose arguments are no JSON object, which this model needs.");
        }
    }

    private static IEnumerable<AIContent> Reasoning(JsonElement message, string client) =>
        message.Says("reasoning_details", out var details) && details.ValueKind == JsonValueKind.Array
            ? details.EnumerateArray().Where(d => Text(d, "format") == ReasoningFormat(client))
                .Select(d => new TextReasoningContent(Text(d, "text")) { ProtectedData = Text(d, "signature") })
            : [];

    private static string? Text(JsonElement owner, string name) => owner.Says(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
