using Microsoft.Extensions.Logging;

namespace MetaLlm.Providers.Credentials;

/// <summary>What is logged of credentials: which, and the kind of failure. What identity services say in words may hold anything.</summary>
internal static partial class CredentialLog
{
    [LoggerMessage(6000, LogLevel.Warning, "{Secret} could not be fetched: {Reason}. The next try is by a call in ten seconds or later.")]
    public static partial void FetchFailed(ILogger log, string secret, string reason);
}
