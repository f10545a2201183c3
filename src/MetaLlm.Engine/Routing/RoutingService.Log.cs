using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Routing;

public sealed partial class RoutingService
{
    [LoggerMessage(1001, LogLevel.Warning, "Arm {Arm} of tenant {Tenant} failed decision {DecisionId}: {Failure}, status {Status} ({Unsaid} more since the last such line).")]
    private static partial void LogAttemptFailed(ILogger logger, string arm, string tenant, string decisionId, ChatFailure failure, int? status, int unsaid);
}
