using System.Text.Json;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Chat;

/// <summary>What matters of a request's messages.</summary>
/// <param name="Query">Text of the last user message, or where conversations are followed of the last ones; of the last message of any kind when no user spoke.</param>
/// <param name="Tokens">Tokens of all messages, estimated; at least 1.</param>
/// <param name="HasImages">Whether a message holds an image.</param>
internal sealed record Conversation(string Query, double Tokens, bool HasImages)
{
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool", "function"];

    /// <exception cref="ApiException">The messages are missing or misshapen.</exception>
    /// <param name="root">The request.</param>
    /// <param name="transcript">Finds out which conversation it is a turn of; null where conversations are not followed.</param>
    public static Conversation Read(JsonObjectReader root, TranscriptReader? transcript = null)
    {
        if (root.Find("messages") is not { } messages)
        {
            throw ApiException.BadField("messages", "is missing; it must be a list of at least one message.");
        }

        if (messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0)
        {
            throw ApiException.BadField("messages", $"is {(messages.ValueKind == JsonValueKind.Array ? "empty" : JsonObjectReader.Name(messages))}; it must be a list of at least one message.");
        }

        string? query = null;
        var questions = transcript is null ? null : new RecentQuestions();
        var last = string.Empty;
        var tokens = 0.0;
        var images = false;
        var index = 0;
        foreach (var element in messages.EnumerateArray())
        {
            var message = new JsonObjectReader(element, $"messages[{index++}]");
            var role = message.RequiredText("role", 32);
            if (!Roles.Contains(role))
            {
                throw ApiException.BadField(message.Field("role"), $"is '{role}'; it must be one of {string.Join(", ", Roles)}.");
            }

            (last, var parts, var imagesHere) = Content(message);
            if (role == "user")
            {
                query = last;
                questions?.Add(last);
            }

            images |= imagesHere;
            var counted = TokenEstimate.PerMessage + TokenEstimate.FromText(last) + parts + MessageTokens.BesideContent(message);
            transcript?.Add(element, role, counted);
            tokens += counted;
        }

        return new Conversation(questions?.ToText() ?? query ?? last, Math.Max(1, tokens), images);
    }

    private static (string Text, double PartTokens, bool HasImages) Content(JsonObjectReader message)
    {
        if (message.Find("content") is not { } content)
        {
            return (string.Empty, 0, false);
        }

        var field = message.Field("content");
        if (content.ValueKind == JsonValueKind.String)
        {
            return (JsonObjectReader.String(content, field), 0, false);
        }

        if (content.ValueKind != JsonValueKind.Array)
        {
            throw ApiException.BadField(field, $"is {JsonObjectReader.Name(content)}; it must be a text or a list of parts.");
        }

        var texts = new List<string>();
        var tokens = 0.0;
        var images = false;
        var index = 0;
        foreach (var element in content.EnumerateArray())
        {
            var part = new JsonObjectReader(element, $"{field}[{index++}]");
            var type = part.RequiredText("type", 64);
            if (type == "text" && part.Find("text") is { ValueKind: JsonValueKind.String } text)
            {
                texts.Add(JsonObjectReader.String(text, part.Field("text")));
            }
            else
            {
                tokens += PartTokens.Of(type, part);
            }

            images |= type is "image_url" or "input_image";
        }

        return (string.Join('\n', texts), tokens, images);
    }
}
