using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Chat;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Surfaces.Messages;

/// <summary>Anthropic's Messages format.</summary>
/// <param name="settings">Says which betas clients may ask Anthropic for.</param>
internal sealed class MessagesSurface(SettingsStore settings) : ISurface
{
    /// <summary>Header by which Anthropic's clients ask for what is not general yet.</summary>
    public const string BetaHeader = "anthropic-beta";

    /// <summary>Longest list of stop sequences; chat servers take fewer, and say so themselves.</summary>
    private const int MostStopSequences = 8192;

    /// <summary>The <c>id</c> of a decision's message.</summary>
    public static string IdOf(string decisionId) => ChatIds.MessagePrefix + decisionId;

    public ValueTask<SurfaceRequest> ReadAsync(HttpContext context, byte[] body)
    {
        using var document = RequestBodyReader.Parse(body);
        RequestBodyReader.RequireTexts(body);
        var chat = new ArrayBufferWriter<byte>(body.Length + 256);
        var needs = new NativeNeeds(UpstreamEndpoint.Anthropic);
        MessagesRequest.Write(document.RootElement, chat, needsLimit: true, needs);
        var request = needs.Limit(ReadChat(context, chat.WrittenMemory), context.Tenant());
        var native = new NativeRequest(UpstreamEndpoint.Anthropic, body, ChatIds.MessagePrefix) { IsRequired = needs.IsAny, Headers = Betas(context.Request) };
        var payload = new ChatPayload(chat.WrittenMemory, request.Stream) { Native = native };
        return new(new SurfaceRequest(request, payload, new MessagesAnswer(StopSequences(document.RootElement))));
    }

    public ApiError? Translate(UpstreamObjection objection) => ObjectionText.ToError(objection);

    /// <summary>Reads what routing needs off a translated request.</summary>
    public static ChatRequest ReadChat(HttpContext context, ReadOnlyMemory<byte> chat)
    {
        using var document = RequestBodyReader.Parse(chat, "The request");
        return ChatRequestReader.Read(document.RootElement, context.Request.Headers, context.Tenant(), context.CallerKey().OfDirectory);
    }

    private KeyValuePair<string, string>[] Betas(HttpRequest request)
    {
        if (!request.Headers.TryGetValue(BetaHeader, out var asked))
        {
            return [];
        }

        string[] admitted = [.. string.Join(',', asked!).Split(',', StringSplitOptions.TrimEntries).Where(settings.Current.AnthropicBetas.Contains).Distinct()];
        return admitted.Length == 0 ? [] : [new(BetaHeader, string.Join(',', admitted))];
    }

    private static List<string> StopSequences(JsonElement body)
    {
        var found = new List<string>();
        if (new JsonObjectReader(body, string.Empty).List("stop_sequences") is { } list)
        {
            foreach (var text in list.EnumerateArray())
            {
                if (text.ValueKind != JsonValueKind.String || found.Count == MostStopSequences)
                {
                    throw ApiException.BadField($"stop_sequences[{found.Count}]", $"must be a text, and the last of at most {MostStopSequences}.");
                }

                found.Add(text.GetString()!);
            }
        }

        return found;
    }
}
