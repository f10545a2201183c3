using System.CommandLine;
using System.Globalization;
using MetaLlm.Core.Batches;
using MetaLlm.Gateway.Batches;

namespace MetaLlm.Host.Batch;

/// <summary>
/// The command line of <c>batch</c>: answers a file of queries through a running gateway, assigned all at once. Exit code 0 when each has an answer or there was only a menu to print, 1 when some
/// have none or the batch was not run, 2 when the options or the files cannot be used.
/// </summary>
public static class BatchCommand
{
    private const string DefaultUrl = "http://127.0.0.1:8080";
    private const string DefaultVariable = "METALLM_API_KEY";
    private const int MostConcurrent = 256;
    private const int MostSeconds = 86_400;

    /// <summary>Creates the command.</summary>
    /// <returns>A command that reports to the invocation's output, and asks at standard input.</returns>
    public static Command Create()
    {
        var input = new Option<string>("--in") { Description = "The queries: lines of OpenAI's batch format, or chat requests.", HelpName = "FILE", Required = true };
        var output = new Option<string?>("--out") { Description = "File that receives the results, a line for each query, in order.", HelpName = "FILE" };
        var budget = new Option<double?>("--budget") { Description = "Most that the batch may spend.", HelpName = "USD" };
        var quality = new Option<double?>("--or-quality") { Description = "Mean quality that is enough: the cheapest plan that promises it, within --budget where that is given.", HelpName = "Q" };
        var caution = new Option<double>("--caution") { Description = "Deviations that predictions are taken to be lower. Default: 0", HelpName = "C", DefaultValueFactory = _ => 0 };
        var menu = new Option<bool>("--menu") { Description = "Print what could be had for how much, and stop." };
        var yes = new Option<bool>("--yes") { Description = "Run without a question." };
        var concurrency = new Option<int>("--concurrency") { Description = "Most calls at once. Default: 8", HelpName = "N", DefaultValueFactory = _ => 8 };
        var url = new Option<string>("--url") { Description = $"Address of the gateway. Default: {DefaultUrl}", HelpName = "URL", DefaultValueFactory = _ => DefaultUrl };
        var variable = new Option<string>("--key-env") { Description = $"Environment variable that holds a key of the tenant, with the scopes chat and read. Default: {DefaultVariable}", HelpName = "NAME", DefaultValueFactory = _ => DefaultVariable };
        var timeout = new Option<int>("--timeout") { Description = "Longest wait for the answer of one call, seconds. Default: 900", HelpName = "SECONDS", DefaultValueFactory = _ => 900 };
        var command = new Command("batch", "Answers a file of queries through a running router, assigned all at once within a budget.") { input, output, budget, quality, caution, menu, yes, concurrency, timeout, url, variable };
        command.SetAction(async (result, cancellationToken) =>
        {
            var console = result.InvocationConfiguration;
            try
            {
                var goal = Goal(result.GetValue(budget), result.GetValue(quality), result.GetValue(caution), result.GetValue(menu));
                var calls = result.GetValue(concurrency) is >= 1 and <= MostConcurrent and var most
                    ? most
                    : throw new BatchException($"--concurrency: {result.GetValue(concurrency)} is not usable; it must be from 1 to {MostConcurrent}.");
                var patience = result.GetValue(timeout) is >= 1 and <= MostSeconds and var seconds
                    ? TimeSpan.FromSeconds(seconds)
                    : throw new BatchException($"--timeout: {result.GetValue(timeout)} is not usable; it must be from 1 to {MostSeconds} seconds.");
                var file = await BatchFile.ReadAsync(result.GetRequiredValue(input), cancellationToken);
                using var router = new HttpTransport(result.GetRequiredValue(url), result.GetRequiredValue(variable), patience);
                var client = new BatchClient(router, BatchLines.Chat, TimeProvider.System);
                return result.GetValue(menu)
                    ? await ShowAsync(client, file, goal, console.Output, cancellationToken)
                    : await RunAsync(client, file, Output(result.GetValue(output)), goal, calls, result.GetValue(yes), console.Output, cancellationToken);
            }
            catch (BatchException e)
            {
                await console.Error.WriteLineAsync($"metallm: {e.Message}");
                return e.IsOfGateway ? ServeCommand.StartFailed : ServeCommand.ConfigurationFailed;
            }
        });
        return command;
    }

    private static BatchGoal Goal(double? budget, double? quality, double caution, bool isMenu)
    {
        if (budget is { } usd && !(usd > 0 && double.IsFinite(usd)))
        {
            throw new BatchException(string.Create(CultureInfo.InvariantCulture, $"--budget: {usd} is not usable; it must be a finite number of USD above 0."));
        }

        if (quality is { } mean && !(mean is >= 0 and <= 1))
        {
            throw new BatchException(string.Create(CultureInfo.InvariantCulture, $"--or-quality: {mean} is not usable; it must be from 0 to 1."));
        }

        if (!(caution >= 0 && double.IsFinite(caution)))
        {
            throw new BatchException(string.Create(CultureInfo.InvariantCulture, $"--caution: {caution} is not usable; it must be a finite number of at least 0."));
        }

        return budget is not null || quality is not null || isMenu
            ? new BatchGoal(budget ?? double.PositiveInfinity, quality, caution)
            : throw new BatchException("batch needs --budget or --or-quality; --menu shows what could be had.");
    }

    private static string Output(string? file) => file is null
        ? throw new BatchException("--out is missing; it names the file of the results.")
        : File.Exists(file) ? throw new BatchException($"--out: {file} is there already; remove it, or choose another.") : file;

    private static async Task<int> ShowAsync(BatchClient client, BatchFile file, BatchGoal goal, TextWriter console, CancellationToken cancellationToken)
    {
        var forecast = await BatchForecast.AskAsync(client, file.Lines, cancellationToken);
        await PrintMenuAsync(new BatchSchedule(forecast.Predictions, goal.Caution), forecast.Models, goal, console);
        return 0;
    }

    private static async Task<int> RunAsync(
        BatchClient client, BatchFile file, string output, BatchGoal goal, int concurrency, bool isSure, TextWriter console, CancellationToken cancellationToken)
    {
        var path = output + ".progress";
        using var kept = ProgressFile.Open(path, file.Digest);
        var progress = kept.Progress;
        var (done, _) = progress.Count();
        if (done > 0 || progress.Begun.Count > 0)
        {
            await console.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture, $"goes on: {done} of {file.Lines.Count} queries are done, {progress.SpentUsd:0.0000} USD spent, {progress.Begun.Count} were under way"));
        }

        var run = new BatchRun(client, file.Lines, progress, goal, concurrency) { EndOfCalls = cancellationToken };
        if (done < file.Lines.Count)
        {
            var forecast = await BatchForecast.AskAsync(client, file.Lines, cancellationToken);
            var schedule = run.Schedule(forecast);
            await PrintMenuAsync(schedule, forecast.Models, goal with { BudgetUsd = goal.BudgetUsd - run.Purse.SpentUsd }, console);
            if (done == 0 && progress.Begun.Count == 0 && schedule.LeastCostUsd is var least && least > goal.BudgetUsd)
            {
                throw new BatchException(string.Create(CultureInfo.InvariantCulture, $"--budget: {goal.BudgetUsd} USD; the cheapest plan is expected to cost {least:0.######} USD."));
            }

            if (!isSure && !await AskAsync(goal, console, cancellationToken))
            {
                return ServeCommand.StartFailed;
            }

            await run.RunAsync(forecast, schedule, now => console.WriteLine($"{now} of {file.Lines.Count} done"), cancellationToken);
        }

        BatchOutcome[] outcomes = [.. Enumerable.Range(0, file.Lines.Count).Select(line => progress.Find(line)!)];
        await WriteAsync(output, Enumerable.Range(0, outcomes.Length).Select(line => kept.Results[line]), cancellationToken);
        var answered = outcomes.Count(outcome => outcome.IsAnswer);
        kept.Dispose();
        File.Delete(path);
        foreach (var line in BatchMenu.Bill(outcomes))
        {
            await console.WriteLineAsync(line);
        }

        await console.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{answered} of {file.Lines.Count} queries answered for {run.Purse.SpentUsd:0.000000} USD: {output}"));
        return answered == file.Lines.Count ? 0 : ServeCommand.StartFailed;
    }

    private static async Task PrintMenuAsync(BatchSchedule schedule, IReadOnlyList<string> models, BatchGoal goal, TextWriter console)
    {
        foreach (var line in BatchMenu.Of(schedule, models))
        {
            await console.WriteLineAsync(line);
        }

        if (goal.Quality is not null || double.IsFinite(goal.BudgetUsd))
        {
            await console.WriteLineAsync($"plan for {schedule.Open} queries:");
            await console.WriteLineAsync(BatchMenu.Line(goal.Plan(schedule, goal.BudgetUsd), models));
        }
    }

    private static async Task<bool> AskAsync(BatchGoal goal, TextWriter console, CancellationToken cancellationToken)
    {
        await console.WriteAsync(double.IsFinite(goal.BudgetUsd) ? string.Create(CultureInfo.InvariantCulture, $"Run it for at most {goal.BudgetUsd} USD? [y/N] ") : "Run it, without a limit? [y/N] ");
        if (await Console.In.ReadLineAsync(cancellationToken) is { } answer && answer.Trim() is "y" or "Y" or "yes")
        {
            return true;
        }

        await console.WriteLineAsync("not run; --yes runs without a question");
        return false;
    }

    /// <summary>Writes the results in the order of the queries, whole or not at all.</summary>
    private static async Task WriteAsync(string output, IEnumerable<string> results, CancellationToken cancellationToken)
    {
        var part = output + ".part";
        try
        {
            await using (var writer = new StreamWriter(part))
            {
                foreach (var result in results)
                {
                    await writer.WriteAsync((result + "\n").AsMemory(), cancellationToken);
                }
            }

            File.Move(part, output, overwrite: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BatchException($"--out: {output} cannot be written: {e.Message}");
        }
    }
}
