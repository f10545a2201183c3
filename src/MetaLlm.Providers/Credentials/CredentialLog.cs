using Microsoft.Extensions.Logging;

namespace MetaLlm.Providers.Credentials;

/// <summary>What is logged of credentials: which, and the kind of failure. What identity services say in words may hold anything.</summary>
internal static partial class CredentialLog
{
    [LoggerMessage(EventId = 1, EventName = "CredentialFetchFailed", Level = LogLevel.Warning, Message = "{Secret} could not be fetched: {Reason}. It is tried again in ten seconds, when a call needs it.")]
    public static partial void FetchFailed(ILogger log, string secret, string reason);
}
