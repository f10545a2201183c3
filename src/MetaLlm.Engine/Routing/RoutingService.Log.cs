using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Routing;

public sealed partial class RoutingService
{
    [LoggerMessage(1001, LogLevel.Warning, "Arm {Arm} of tenant {Tenant} failed decision {DecisionId}: {Failure}, status {Status} ({Unsaid} more since the last such line).")]
    private static partial void LogAttemptFailed(ILogger logger, string arm, string tenant, string decisionId, ChatFailure failure, int? status, int unsaid);

    [LoggerMessage(1003, LogLevel.Warning, "The first answer to decision {DecisionId} of tenant {Tenant} leaves, since its owner could not be asked or told: {Error} ({Unsaid} more since the last such line).")]
    private static partial void LogNotConsidered(ILogger logger, string tenant, string decisionId, string error, int unsaid);

    [LoggerMessage(1002, LogLevel.Warning, "Retriever {Retriever} of tenant {Tenant} failed for decision {DecisionId}, arm {Arm}: {Error} ({Unsaid} more since the last such line).")]
    private static partial void LogRetrievalFailed(ILogger logger, string retriever, string tenant, string decisionId, string arm, string error, int unsaid);
}
