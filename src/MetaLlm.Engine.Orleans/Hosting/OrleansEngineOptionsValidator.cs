using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Reports every option that is out of range, with its name, value and legal range.</summary>
internal sealed class OrleansEngineOptionsValidator : IValidateOptions<OrleansEngineOptions>
{
    private const int MostWorkers = 1024;

    public ValidateOptionsResult Validate(string? name, OrleansEngineOptions options)
    {
        var errors = new List<string>();
        CheckName(nameof(options.StreamProvider), options.StreamProvider);
        CheckName(nameof(options.SnapshotStorage), options.SnapshotStorage);
        Check(nameof(options.CatchUpPeriod), options.CatchUpPeriod, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        Check(nameof(options.SweepPeriod), options.SweepPeriod, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));
        Check(nameof(options.IdleAge), options.IdleAge, TimeSpan.FromSeconds(2), TimeSpan.FromDays(7));
        Check(nameof(options.RewardsPerItem), options.RewardsPerItem, 1, 100_000);
        Check(nameof(options.EmbeddingWorkers), options.EmbeddingWorkers, 1, MostWorkers);
        Check(nameof(options.ProviderCallWorkers), options.ProviderCallWorkers, 1, MostWorkers);
        Check(nameof(options.JournalWorkers), options.JournalWorkers, 1, MostWorkers);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void CheckName(string option, string value)
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                errors.Add($"{option} is '{value}'; it must name a provider that the silo has.");
            }
        }

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
