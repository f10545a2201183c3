using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.Tenants;

/// <summary>Reports every option that is out of range, with its name, value and legal range.</summary>
internal sealed class TenantRuntimeOptionsValidator : IValidateOptions<TenantRuntimeOptions>
{
    public ValidateOptionsResult Validate(string? name, TenantRuntimeOptions options)
    {
        var errors = new List<string>();
        Check(nameof(options.CheckpointEvery), options.CheckpointEvery, 1, 1_000_000);
        Check(nameof(options.ReplayPageSize), options.ReplayPageSize, 1, 100_000);
        Check(nameof(options.UnsettledLimit), options.UnsettledLimit, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));
        Check(nameof(options.SweepLimit), options.SweepLimit, 1, 10_000);
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
