using System.CommandLine;
using System.Runtime.InteropServices;
using MetaLlm.Chaos;

using var stop = new CancellationTokenSource();
using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    // As with Ctrl+C: what was started is stopped and cleared away before the process ends.
    signal.Cancel = true;
    stop.Cancel();
});
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};
return await ChaosCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false }, stop.Token);
