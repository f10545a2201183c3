using System.CommandLine;
using MetaLlm.Host;

return await HostCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = ShutdownTimes.ProcessOf(ShutdownTimes.LongestDrain) });
