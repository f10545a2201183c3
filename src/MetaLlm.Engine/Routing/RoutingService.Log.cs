using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Routing;

public sealed partial class RoutingService
{
    [LoggerMessage(2001, LogLevel.Warning, "Arm {Arm} of tenant {Tenant} failed decision {DecisionId} ({Failure}): {Reason}")]
    private static partial void LogAttemptFailed(ILogger logger, string arm, string tenant, string decisionId, ChatFailure failure, string reason);

    [LoggerMessage(2002, LogLevel.Warning, "Arm {Arm} of tenant {Tenant} is held out for {Seconds:F1} s.")]
    private static partial void LogHeldOut(ILogger logger, string arm, string tenant, double seconds);
}
