using Microsoft.Extensions.Options;

namespace MetaLlm.Embeddings;

/// <summary>Checks <see cref="EmbeddingsOptions"/>; reports every fault at once.</summary>
internal sealed class EmbeddingsOptionsValidator : IValidateOptions<EmbeddingsOptions>
{
    public ValidateOptionsResult Validate(string? name, EmbeddingsOptions options)
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(options.ModelDirectory))
        {
            errors.Add($"{nameof(EmbeddingsOptions)}.{nameof(options.ModelDirectory)} is empty; it must name the directory of a model.");
        }

        if (options.Threads is < 1 or > EmbeddingsOptions.MostThreads)
        {
            errors.Add($"{nameof(EmbeddingsOptions)}.{nameof(options.Threads)} is {options.Threads}; it must be 1 to {EmbeddingsOptions.MostThreads}.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
