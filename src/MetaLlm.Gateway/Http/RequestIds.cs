using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Http;

/// <summary>Ids that clients give their requests, so that both sides can find a call in their logs.</summary>
internal static class RequestIds
{
    private const string Header = "x-request-id";
    private const string OpenAiHeader = "x-client-request-id";
    private const int Longest = 128;

    /// <summary>The client's id of a request: up to 128 visible ASCII characters. Null where it gave none, or one that could not stand in a log.</summary>
    /// <param name="request">The request.</param>
    public static string? Of(HttpRequest request) => Read(request, Header) ?? Read(request, OpenAiHeader);

    /// <summary>Gives the client its id back, whatever the answer is.</summary>
    /// <param name="http">A request whose answer has not begun.</param>
    public static void Honour(HttpContext http)
    {
        if (Of(http.Request) is { } id)
        {
            http.TraceIdentifier = id;
            http.Response.OnStarting(
                static state =>
                {
                    // Over the upstream's own id, which names another request.
                    ((HttpContext)state).Response.Headers[Header] = ((HttpContext)state).TraceIdentifier;
                    return Task.CompletedTask;
                },
                http);
        }
    }

    private static string? Read(HttpRequest request, string header)
    {
        var values = request.Headers[header];
        return values is [{ Length: > 0 and <= Longest } id] && !id.AsSpan().ContainsAnyExceptInRange('!', '~') ? id : null;
    }
}
