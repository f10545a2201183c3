using System.Net;
using System.Net.Sockets;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Objections;

namespace MetaLlm.Providers.ChatClients;

/// <summary>What exceptions of clients mean. Their messages may hold anything, so that none is kept.</summary>
internal static class ChatClientFailures
{
    /// <summary>Whether an exception is the client's own, rather than one of limits and connections, which mean the same everywhere.</summary>
    public static bool IsOfClient(Exception error) =>
        error is not (OperationCanceledException or SocketException or IOException or ChatProviderException) && (error is not HttpRequestException || Status(error) is not null);

    /// <summary>The failure that it is: by the HTTP status where the exception tells one, as those of the official clients do, else a failure of the server.</summary>
    public static ChatProviderException ToFailure(Exception error)
    {
        var status = Status(error);
        var kind = status is { } known ? UpstreamStatus.Kind(known) : ChatFailure.ServerError;
        return new ChatProviderException(kind, $"The client failed with {error.GetType().Name}{(status is null ? "" : $" (status {status})")}.")
        {
            UpstreamStatus = status,
            Objection = kind == ChatFailure.Objected ? Objection.From(status!.Value, default) : null,
        };
    }

    /// <summary>The status that an exception tells as <c>StatusCode</c> or <c>Status</c>; null where it tells none of an error.</summary>
    public static int? Status(Exception error)
    {
        foreach (var name in (ReadOnlySpan<string>)["StatusCode", "Status"])
        {
            int? status = error.GetType().GetProperty(name)?.GetValue(error) switch
            {
                int number => number,
                HttpStatusCode code => (int)code,
                _ => null,
            };
            if (status is >= 400 and <= 599)
            {
                return status;
            }
        }

        return null;
    }
}
