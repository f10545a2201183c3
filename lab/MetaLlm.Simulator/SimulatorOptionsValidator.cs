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

        if (options.ConfidenceAuc is { } auc && !(auc is >= 0.5 and <= 0.999))
        {
            yield return FormattableString.Invariant($"ConfidenceAuc: {auc} is outside 0.5 to 0.999.");
        }

        if (options.Models.Count == 0)
        {
            yield return "Models: there is none; at least one is needed.";
        }

        foreach (var twice in options.Models.Select(model => model.Name).Concat(options.EmbeddingModels.Select(model => model.Name)).GroupBy(name => name).Where(group => group.Count() > 1))
        {
            yield return $"Models: the name '{twice.Key}' occurs {twice.Count()} times; names must be distinct.";
        }

        foreach (var error in options.Models.SelectMany((model, i) => ModelRanges.Errors($"Models[{i}]", model)))
        {
            yield return error;
        }

        var names = options.Models.Select(model => model.Name).ToArray();
        for (var i = 0; i < options.EmbeddingModels.Count; i++)
        {
            var (model, field) = (options.EmbeddingModels[i], FormattableString.Invariant($"EmbeddingModels[{i}]"));
            if (string.IsNullOrWhiteSpace(model.Name) || string.IsNullOrWhiteSpace(model.Space))
            {
                yield return $"{field}: Name and Space must hold a character that is no blank.";
            }

            if (model.Dimensions is < 1 or > 4096)
            {
                yield return FormattableString.Invariant($"{field}.Dimensions: {model.Dimensions} is outside 1 to 4096.");
            }

            if (model.InputPerMillion is < 0 or > 1000)
            {
                yield return FormattableString.Invariant($"{field}.InputPerMillion: {model.InputPerMillion} is outside 0 to 1000.");
            }

            if (model.Latency < TimeSpan.Zero || model.Latency > TimeSpan.FromSeconds(60))
            {
                yield return $"{field}.Latency: {model.Latency} is outside 0 to 60 seconds.";
            }
        }

        string[] all = [.. names, .. options.EmbeddingModels.Select(model => model.Name)];
        foreach (var error in options.Faults.SelectMany((rule, i) => rule.Errors(all).Select(error => $"Faults[{i}].{error}")))
        {
            yield return error;
        }

        foreach (var error in options.Drift.SelectMany((change, i) => change.Errors(names).Select(error => $"Drift[{i}].{error}")))
        {
            yield return error;
        }
    }
}
