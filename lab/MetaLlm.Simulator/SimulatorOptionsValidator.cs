using System.Net;
using Microsoft.Extensions.Options;

namespace MetaLlm.Simulator;

/// <summary>Checks options as a whole and reports everything that is wrong with them at once.</summary>
internal sealed class SimulatorOptionsValidator : IValidateOptions<SimulatorOptions>
{
    public ValidateOptionsResult Validate(string? name, SimulatorOptions options)
    {
        var errors = Errors(options).ToArray();
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static IEnumerable<string> Errors(SimulatorOptions options)
    {
        if (!IPAddress.IsLoopback(options.Address))
        {
            yield return $"Address: {options.Address} is not a loopback address; the simulator listens on 127.0.0.0/8 or ::1 only.";
        }

        if (options.Port is < IPEndPoint.MinPort or > IPEndPoint.MaxPort)
        {
            yield return FormattableString.Invariant($"Port: {options.Port} is outside 0 to 65535.");
        }

        if (options.TasksPerType is < 1 or > TaskCatalog.MaximumPerType)
        {
            yield return FormattableString.Invariant($"TasksPerType: {options.TasksPerType} is outside 1 to {TaskCatalog.MaximumPerType}.");
        }

        if (options.ApiKey is not null && string.IsNullOrWhiteSpace(options.ApiKey))
        {
            yield return "ApiKey: it is empty; leave it null to let everyone in.";
        }

        if (!(options.TimeScale is >= 0 and <= 100))
        {
            yield return FormattableString.Invariant($"TimeScale: {options.TimeScale} is outside 0 to 100.");
        }

        if (!(options.SamplingNoise is >= 0 and <= 1))
        {
            yield return FormattableString.Invariant($"SamplingNoise: {options.SamplingNoise} is outside 0 to 1.");
        }

        if (options.Models.Count == 0)
        {
            yield return "Models: there is none; at least one is needed.";
        }

        foreach (var twice in options.Models.GroupBy(model => model.Name).Where(group => group.Count() > 1))
        {
            yield return $"Models: the name '{twice.Key}' occurs {twice.Count()} times; names must be distinct.";
        }

        foreach (var error in options.Models.SelectMany((model, i) => ModelRanges.Errors($"Models[{i}]", model)))
        {
            yield return error;
        }

        var names = options.Models.Select(model => model.Name).ToArray();
        foreach (var error in options.Faults.SelectMany((rule, i) => rule.Errors(names).Select(error => $"Faults[{i}].{error}")))
        {
            yield return error;
        }

        foreach (var error in options.Drift.SelectMany((change, i) => change.Errors(names).Select(error => $"Drift[{i}].{error}")))
        {
            yield return error;
        }
    }
}
