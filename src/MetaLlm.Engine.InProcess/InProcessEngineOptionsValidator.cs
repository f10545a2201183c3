using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.InProcess;

/// <summary>Reports every option that is out of range, with its name, value and legal range.</summary>
internal sealed class InProcessEngineOptionsValidator : IValidateOptions<InProcessEngineOptions>
{
    public ValidateOptionsResult Validate(string? name, InProcessEngineOptions options)
    {
        var errors = new List<string>();
        Check(nameof(options.MailboxCapacity), options.MailboxCapacity, 1, 100_000);
        Check(nameof(options.IdleTimeout), options.IdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
        Check(nameof(options.MaintenanceInterval), options.MaintenanceInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check<T>(string option, T value, T least, T most)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                errors.Add($"{option} is {value}; it must be between {least} and {most}.");
            }
        }
    }
}
