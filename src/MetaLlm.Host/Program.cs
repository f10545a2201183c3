using System.CommandLine;
using MetaLlm.Host;

var command = new RootCommand("Serves the MetaLlm gateway.");
ServeCommand.Configure(command);
return await command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(40) });
