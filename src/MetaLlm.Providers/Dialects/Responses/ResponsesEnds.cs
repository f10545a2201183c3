using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects.Responses;

/// <summary>Why a response ended.</summary>
internal static class ResponsesEnds
{
    /// <summary>Writes the chat completion's reason, and the native one beside it.</summary>
    /// <param name="json">Receives the members, within a choice.</param>
    /// <param name="response">Has <c>status</c> and <c>incomplete_details</c>.</param>
    /// <param name="isCall">Whether the client, or a tool that runs elsewhere, is to act.</param>
    public static void Write(Utf8JsonWriter json, JsonElement response, bool isCall)
    {
        var status = JsonTexts.Read(response, "status");
        var reason = response.Says("incomplete_details", out var details) ? JsonTexts.Read(details, "reason") : null;
        json.WriteString("finish_reason", reason switch
        {
            "content_filter" => "content_filter",
            null when status is not "incomplete" => isCall ? "tool_calls" : "stop",
            _ => "length",
        });
        json.WriteString("native_finish_reason", reason ?? status ?? "completed");
    }
}
