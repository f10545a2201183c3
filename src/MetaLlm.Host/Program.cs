using System.CommandLine;
using MetaLlm.Host;

var command = new RootCommand("Serves the MetaLlm gateway.");
ServeCommand.Configure(command);
command.Add(HealthCommand.Create());
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = ShutdownTimes.Process });
