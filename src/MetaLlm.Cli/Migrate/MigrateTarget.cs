namespace MetaLlm.Cli.Migrate;

/// <summary>The database to migrate, as the options name it; exactly one must.</summary>
/// <param name="ConnectionVariable">Environment variable with the connection string of a PostgreSQL database.</param>
/// <param name="SqlitePath">A SQLite file.</param>
internal sealed record MigrateTarget(string? ConnectionVariable, string? SqlitePath);
