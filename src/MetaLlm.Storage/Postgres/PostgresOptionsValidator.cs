using Microsoft.Extensions.Options;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Reports every option that is out of range, with its name, value and legal range; the connection string is never repeated.</summary>
internal sealed class PostgresOptionsValidator : IValidateOptions<PostgresOptions>
{
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(5);

    public ValidateOptionsResult Validate(string? name, PostgresOptions options)
    {
        var errors = new List<string>();
        CheckConnectionString(options.ConnectionString, errors);
        CheckRange(nameof(options.Writers), options.Writers, 64, errors);
        CheckRange(nameof(options.ReadPoolSize), options.ReadPoolSize, 1000, errors);
        CheckRange(nameof(options.MaxBatchSize), options.MaxBatchSize, 65_536, errors);
        CheckRange(nameof(options.QueueCapacity), options.QueueCapacity, 1_000_000, errors);
        CheckTimeout(nameof(options.ConnectTimeout), options.ConnectTimeout, errors);
        CheckTimeout(nameof(options.CommandTimeout), options.CommandTimeout, errors);
        CheckTimeout(nameof(options.LockTimeout), options.LockTimeout, errors);
        CheckTimeout(nameof(options.IdleInTransactionTimeout), options.IdleInTransactionTimeout, errors);
        CheckTimeout(nameof(options.LostPeerTimeout), options.LostPeerTimeout, errors, shortest: 3);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckConnectionString(string text, List<string> errors)
    {
        const string Field = nameof(PostgresOptions.ConnectionString);
        if (string.IsNullOrWhiteSpace(text))
        {
            errors.Add($"{Field} is empty; it must name a PostgreSQL database.");
            return;
        }

        try
        {
            if (string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(text).Host))
            {
                errors.Add($"{Field} has no Host; it must name a server, or the directory of its socket.");
            }
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // The parser's message may repeat a value, and a value may be a password.
            errors.Add($"{Field} cannot be read; it must have the form 'Host=...;Database=...;Username=...;Password=...'.");
        }
    }

    private static void CheckRange(string field, int value, int most, List<string> errors)
    {
        if (value < 1 || value > most)
        {
            errors.Add($"{field} is {value}; it must be between 1 and {most}.");
        }
    }

    private static void CheckTimeout(string field, TimeSpan value, List<string> errors, int shortest = 1)
    {
        var least = TimeSpan.FromSeconds(shortest);
        if (value < least || value > LongestTimeout || value.Ticks % TimeSpan.TicksPerSecond != 0)
        {
            errors.Add($"{field} is {value}; it must be whole seconds between {least} and {LongestTimeout}.");
        }
    }
}
