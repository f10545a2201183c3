using MetaLlm.Evaluation;
using MetaLlm.Evaluation.Log;
using MetaLlm.Lab.Ope.Log;
using MetaLlm.Evaluation.Targets;
using MetaLlm.Lab.Replay.Reporting;

namespace MetaLlm.Lab.Ope;

/// <summary>Runs <c>ope</c>: read the log, evaluate every policy, print, write.</summary>
/// <param name="environment">What it works with.</param>
internal sealed class OpeHandler(LabEnvironment environment)
{
    /// <summary>Runs the verb.</summary>
    /// <param name="options">What to do.</param>
    /// <param name="cancellationToken">Stops it; the report file is then left as it was.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="BadInputException">The log does not hold what is needed; nothing was written.</exception>
    public async Task<int> RunAsync(OpeOptions options, CancellationToken cancellationToken)
    {
        var log = options.LogFile is { } file
            ? await DecisionLogReader.ReadFileAsync(file, options.Tenant, cancellationToken)
            : await LogDatabase.ReadAsync(options.Storage, options.Archive, options.Tenant, cancellationToken);
        CheckArms(log, options.Arms);
        var evaluator = new OffPolicyEvaluator(log, options.SwitchAt, period: options.Period);
        ITargetPolicy[] targets =
        [
            .. options.Policies.Select(p => new TrainedTarget(p, options.PolicyOptions, options.PriceWeight)),
            .. options.Arms.Select(a => new FixedArmTarget(a)),
            .. options.Uniform ? [new UniformTarget()] : Array.Empty<ITargetPolicy>(),
        ];
        var reports = new List<OffPolicyReport>();
        var problems = new List<string>();
        foreach (var target in targets)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                reports.Add(evaluator.Evaluate(target));
            }
            catch (TooFewDecisionsException e)
            {
                problems.Add(e.Message);
            }
        }

        if (problems.Count > 0)
        {
            throw new BadInputException(problems);
        }

        if (options.JsonFile is { } json)
        {
            await ReplayReportFile.WriteAsync(json, reports, cancellationToken);
        }

        OpeTable.Print(environment.Output, reports);
        return ExitCodes.Success;
    }

    private static void CheckArms(DecisionLog log, IReadOnlyList<string> arms)
    {
        var known = log.Decisions.SelectMany(d => d.Decision.Arms.Select(a => a.ArmId)).Distinct(StringComparer.Ordinal).ToArray();
        string[] problems = [.. arms.Except(known).Select(a => $"--arm: the log knows no arm {a}; its arms are {string.Join(", ", known)}.")];
        if (problems.Length > 0)
        {
            throw new BadInputException(problems);
        }
    }
}
