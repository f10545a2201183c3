using System.CommandLine;
using System.Text.Json;
using MetaLlm.Chaos.Cluster;
using MetaLlm.Chaos.Faults;
using MetaLlm.Chaos.Reporting;

namespace MetaLlm.Chaos;

/// <summary>The verb <c>chaos</c>.</summary>
internal static class ChaosCommand
{
    private const int Kept = 0;
    private const int Broken = 1;
    private const int Unusable = 2;
    private const int Failed = 3;
    private const int Cancelled = 130;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Creates the command.</summary>
    public static RootCommand Create()
    {
        var faults = Whole("--faults", "How many faults, 1 to 100000. Default 1000.", 1000, 1, 100_000);
        var seed = Whole("--seed", "Names the draw of faults and load, from 0. Default 1.", 1, 0, int.MaxValue);
        var tenants = Whole("--tenants", "How many tenants, 1 to 1000. Default 64.", 64, 1, 1000);
        var rate = Whole("--rate", "Questions a second, all tenants together, 1 to 10000. Default 96: some 200 operations a second, so that a 99th percentile is not the slowest of few.", 96, 1, 10_000);
        var every = Whole("--check-every", "Look after all promises when this many more faults were made, 1 to 100000. Default 50.", 50, 1, 100_000);
        var kinds = new Option<string[]>("--kind")
        {
            Description = $"Make faults of this kind only; may be repeated: {string.Join(", ", FaultKinds.All.Select(kind => kind.Name()))}.",
        };
        kinds.AcceptOnlyFromAmong([.. FaultKinds.All.Select(kind => kind.Name())]);
        var program = new Option<FileInfo>("--program") { Description = "The hosts' program. Default: that of this build.", DefaultValueFactory = _ => new FileInfo(ClusterOptions.OwnProgram) };
        program.AcceptExistingOnly();
        var report = new Option<FileInfo?>("--report") { Description = "Write the report to this file as JSON, and beside it as text (.txt)." };
        var keep = new Option<bool>("--keep") { Description = "Keep the hosts' logs." };
        var command = new RootCommand("Makes faults in a cluster under load, and looks whether every promise is kept: 0 when it is, 1 when not, 3 when the campaign could not be run. Needs PostgreSQL's programs.")
        {
            faults, seed, tenants, rate, every, kinds, program, report, keep,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            IReadOnlyList<FaultKind> chosen = parsed.GetValue(kinds) is { Length: > 0 } names ? [.. FaultKinds.All.Where(kind => names.Contains(kind.Name()))] : FaultKinds.All;
            var options = new CampaignOptions
            {
                Faults = parsed.GetValue(faults),
                Seed = parsed.GetValue(seed),
                Rate = parsed.GetValue(rate),
                CheckEvery = parsed.GetValue(every),
                Kinds = chosen,
                Cluster = new ClusterOptions
                {
                    Tenants = parsed.GetValue(tenants),
                    Program = parsed.GetValue(program)!.FullName,
                    Clocks = chosen.Contains(FaultKind.Clock),
                    KeepFiles = parsed.GetValue(keep),
                },
            };
            return RunAsync(options, parsed.GetValue(report), parsed.InvocationConfiguration, cancellationToken);
        });
        return command;
    }

    private static Option<int> Whole(string name, string description, int value, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ } token] && !(int.TryParse(token.Value, out var number) && number >= least && number <= most))
            {
                result.AddError($"{name}: {token.Value} is not usable; it must be a whole number from {least} to {most}.");
            }
        });
        return option;
    }

    private static async Task<int> RunAsync(CampaignOptions options, FileInfo? file, InvocationConfiguration console, CancellationToken cancellationToken)
    {
        if (DatabaseServer.Unavailable is { } reason)
        {
            await console.Error.WriteLineAsync($"metallm: {reason}");
            return Unusable;
        }

        if (file?.Directory is { Exists: false } missing)
        {
            await console.Error.WriteLineAsync($"metallm: --report: there is no directory {missing.FullName}.");
            return Unusable;
        }

        try
        {
            var report = await Campaign.RunAsync(options, console.Error, cancellationToken);
            var text = ReportText.Of(report);
            await console.Output.WriteAsync(text);
            if (file is not null)
            {
                await File.WriteAllTextAsync(file.FullName, JsonSerializer.Serialize(report, Json), CancellationToken.None);
                await File.WriteAllTextAsync(Path.ChangeExtension(file.FullName, ".txt"), text, CancellationToken.None);
            }

            return report.Kept ? Kept : Broken;
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            await console.Error.WriteLineAsync($"metallm: the campaign could not be run: {e.Message}");
            return Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await console.Error.WriteLineAsync("metallm: stopped.");
            return Cancelled;
        }
    }
}
