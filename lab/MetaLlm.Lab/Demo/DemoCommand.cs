using System.CommandLine;

namespace MetaLlm.Lab.Demo;

/// <summary>The verb <c>demo</c>: a simulated provider, a real gateway, an application that sends feedback.</summary>
internal static class DemoCommand
{
    private const int Fewest = 100;
    private const int Most = 4_000;

    /// <summary>Creates the command.</summary>
    /// <param name="environment">What the command works with.</param>
    public static Command Create(LabEnvironment environment)
    {
        var requests = new Option<string?>("--requests") { Description = $"Queries to send, {Fewest} to {Most}. Default 2400." };
        var concurrency = new Option<string?>("--concurrency") { Description = "Requests under way at once, 1 to 64. Default 16." };
        var seed = new Option<string?>("--seed") { Description = "Seed of the simulator, the traffic and the policy. Default 1." };
        var seeds = new Option<string?>("--seeds") { Description = "Worlds to play one after the other, each with the next seed, 1 to 100; the report is of the first. Default 1." };
        var budget = new Option<string?>("--budget") { Description = "Mean spend per request for the policy to keep, USD. Default 0.0002." };
        var tags = new Option<bool>("--tags") { Description = "Send each query's kind as a task tag; by default the text alone must do." };
        var acts = new Option<string?>("--acts") { Description = "1: with feedback. 2: then once more with no feedback at all, a judge and a purse. Default 2." };
        var purse = new Option<string?>("--purse") { Description = "What the judge of the second act may cost, USD. Default 0.1." };
        var serve = new Option<bool>("--serve") { Description = "Keep the gateway up at the end, until Ctrl+C." };
        var json = new Option<FileInfo?>("--json") { Description = "Write the figures to this file." };
        var report = new Option<FileInfo?>("--report") { Description = "Write the HTML report to this file. Default artifacts/demo/report.html." };
        var command = new Command("demo", "Shows routing and learning on this machine: no account, no key, at most three minutes.")
        {
            requests, concurrency, seed, seeds, budget, tags, acts, purse, serve, json, report,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var values = new OptionValues();
            var options = new DemoOptions
            {
                Requests = values.Integer("--requests", parsed.GetValue(requests), 2400, Fewest, Most),
                Concurrency = values.Integer("--concurrency", parsed.GetValue(concurrency), 16, 1, 64),
                Seed = values.Integer("--seed", parsed.GetValue(seed), 1, 0, int.MaxValue - 100),
                Seeds = values.Integer("--seeds", parsed.GetValue(seeds), 1, 1, 100),
                UsdPerRequest = parsed.GetValue(budget) is { } usd ? values.Number("--budget", usd, "a number above 0 and at most 1", n => n is > 0 and <= 1) : 2e-4,
                Tagged = parsed.GetValue(tags),
                Acts = values.Integer("--acts", parsed.GetValue(acts), 2, 1, 2),
                PurseUsd = parsed.GetValue(purse) is { } judged ? values.Number("--purse", judged, "a number above 0 and at most 100", n => n is > 0 and <= 100) : 0.1,
                Serve = parsed.GetValue(serve),
                Json = parsed.GetValue(json),
                Report = parsed.GetValue(report) ?? new FileInfo(Path.Combine("artifacts", "demo", "report.html")),
            };
            values.ThrowIfAnyProblem();
            return new DemoHandler(environment, TimeProvider.System).RunAsync(options, cancellationToken);
        });
        return command;
    }
}
