using System.Text.Json;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Chat;

/// <summary>What matters of a request's messages.</summary>
/// <param name="Query">Text of the last user message; of the last message of any kind when no user spoke.</param>
/// <param name="Tokens">Tokens of all messages, estimated; at least 1.</param>
/// <param name="HasImages">Whether a message holds an image.</param>
internal sealed record Conversation(string Query, double Tokens, bool HasImages)
{
    private static readonly string[] Roles = ["system", "developer", "user", "assistant", "tool", "function"];

    /// <exception cref="ApiException">The messages are missing or misshapen.</exception>
    public static Conversation Read(JsonObjectReader root)
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
            query = role == "user" ? last : query;
            images |= imagesHere;
            tokens += TokenEstimate.PerMessage + TokenEstimate.FromText(last) + parts + MessageTokens.BesideContent(message);
        }

        return new Conversation(query ?? last, Math.Max(1, tokens), images);
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
