using System.CommandLine;
using MetaLlm.Lab.Demo;
using MetaLlm.Lab.Evaluate;
using MetaLlm.Lab.Ope;
using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Sessions;
using MetaLlm.Embeddings.Models;

namespace MetaLlm.Lab;

/// <summary>The command line: parses, runs the verb, and turns what went wrong into messages and exit codes.</summary>
internal static class LabApplication
{
    /// <summary>Runs one invocation.</summary>
    /// <param name="arguments">The verb and its options.</param>
    /// <param name="environment">What it works with.</param>
    /// <param name="cancellationToken">Stops the verb.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(string[] arguments, LabEnvironment environment, CancellationToken cancellationToken)
    {
        var root = new RootCommand("MetaLlm: routes every query to the LLM that is worth its price.")
        {
            DemoCommand.Create(environment),
            ReplayCommand.Create(environment),
            EvaluateCommand.Create(environment),
            OpeCommand.Create(environment),
            SessionsCommand.Create(environment),
        };
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            return await ReportAsync(environment, [.. parsed.Errors.Select(e => e.Message)]);
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                Output = environment.Output,
                Error = environment.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            };
            return await parsed.InvokeAsync(configuration, cancellationToken);
        }
        catch (BadInputException e)
        {
            return await ReportAsync(environment, e.Messages);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidModelException)
        {
            await environment.Error.WriteLineAsync($"metallm: {e.Message}");
            return ExitCodes.Failure;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await environment.Error.WriteLineAsync("metallm: stopped.");
            return ExitCodes.Cancelled;
        }
    }

    private static async Task<int> ReportAsync(LabEnvironment environment, IReadOnlyList<string> messages)
    {
        foreach (var message in messages)
        {
            await environment.Error.WriteLineAsync($"metallm: {message}");
        }

        return ExitCodes.BadInput;
    }
}
