using Microsoft.Extensions.Options;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Reports every option that is out of range, with its name, value and legal range.</summary>
internal sealed class SqliteOptionsValidator : IValidateOptions<SqliteOptions>
{
    public ValidateOptionsResult Validate(string? name, SqliteOptions options)
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(options.Path))
        {
            errors.Add($"{nameof(options.Path)} is empty; it must name a file.");
        }

        if (!Enum.IsDefined(options.Durability))
        {
            errors.Add($"{nameof(options.Durability)} is {options.Durability}; it must be one of {string.Join(", ", Enum.GetNames<SqliteDurability>())}.");
        }

        if (options.BusyTimeout < TimeSpan.Zero || options.BusyTimeout > TimeSpan.FromMinutes(5))
        {
            errors.Add($"{nameof(options.BusyTimeout)} is {options.BusyTimeout}; it must be between 00:00:00 and 00:05:00.");
        }

        if (options.MaxBatchSize is < 1 or > 65_536)
        {
            errors.Add($"{nameof(options.MaxBatchSize)} is {options.MaxBatchSize}; it must be between 1 and 65536.");
        }

        if (options.QueueCapacity is < 1 or > 1_000_000)
        {
            errors.Add($"{nameof(options.QueueCapacity)} is {options.QueueCapacity}; it must be between 1 and 1000000.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
