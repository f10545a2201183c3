using System.Text.Json;
using MetaLlm.Engine.Idempotency;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Idempotency;

/// <summary>Answers as they are kept, and as they are sent once more.</summary>
internal static class AnswerReplay
{
    /// <summary>Headers of the connection, or of the moment: each response has its own.</summary>
    private static readonly string[] OfResponse =
        ["connection", "content-length", "date", "keep-alive", "server", "set-cookie", "trailer", "transfer-encoding", "upgrade", "vary", "retry-after", MetaLlmHeaders.RetryAfterMilliseconds, MetaLlmHeaders.Cache, MetaLlmHeaders.Similarity, MetaLlmHeaders.Replayed];

    private static readonly string[] FamiliesOfResponse = ["access-control-", "x-ratelimit-"];

    /// <summary>The headers of a response that belong to its answer.</summary>
    public static string Head(HttpResponse response) => JsonSerializer.Serialize(response.Headers
        .Where(header => !OfResponse.Contains(header.Key, StringComparer.OrdinalIgnoreCase)
            && !FamiliesOfResponse.Any(family => header.Key.StartsWith(family, StringComparison.OrdinalIgnoreCase)))
        .ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));

    /// <summary>Sends an answer as it was sent before; a stream is one again.</summary>
    public static async Task WriteAsync(HttpContext context, KeptAnswer answer)
    {
        var response = context.Response;
        response.StatusCode = answer.Status!.Value;
        foreach (var (name, value) in JsonSerializer.Deserialize<Dictionary<string, string>>(answer.Head)!)
        {
            response.Headers[name] = value;
        }

        await response.Body.WriteAsync(answer.Body, context.RequestAborted).ConfigureAwait(false);
    }
}
