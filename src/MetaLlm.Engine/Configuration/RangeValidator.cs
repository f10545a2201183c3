using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.Configuration;

/// <summary>
/// Checks options by the attributes of their properties, and by <see cref="System.ComponentModel.DataAnnotations.IValidatableObject"/> where
/// they have it. Reports every option that is wrong, with its name, value and legal range.
/// </summary>
/// <typeparam name="TOptions">The options.</typeparam>
public sealed class RangeValidator<TOptions> : IValidateOptions<TOptions>
    where TOptions : class, new()
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, TOptions options)
    {
        var problems = SettingsShape.Of(typeof(TOptions)).Problems(options).ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
