using System.Runtime.InteropServices;
using MetaLlm.Lab;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};
using var termination = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    // As with Ctrl+C: what was started is stopped and cleared away before the process ends.
    signal.Cancel = true;
    stop.Cancel();
});

var environment = new LabEnvironment
{
    Output = Console.Out,
    Error = Console.Error,
    OutputIsTerminal = !Console.IsOutputRedirected,
    ErrorIsTerminal = !Console.IsErrorRedirected,
    OpenEmbedder = token => EmbedderSetup.OpenAsync(Console.Error, token),
};
return await LabApplication.RunAsync(args, environment, stop.Token);
