using Microsoft.Extensions.Logging;

namespace MetaLlm.Simulator;

public sealed partial class SimulatorServer
{
    [LoggerMessage(EventId = 7000, Level = LogLevel.Information, Message = "Simulator listens on {Address} with {Models} models and {Tasks} queries (seed {Seed})")]
    private static partial void LogStarted(ILogger logger, Uri address, int models, int tasks, int seed);

    [LoggerMessage(EventId = 7001, Level = LogLevel.Information, Message = "Simulator on {Address} has stopped")]
    private static partial void LogStopped(ILogger logger, Uri address);
}
