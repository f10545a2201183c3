namespace MetaLlm.Cli.Migrate;

/// <summary>The database to migrate, as the options name it; exactly one must.</summary>
/// <param name="ConfigFile">A configuration file, whose storage settings name it.</param>
/// <param name="ConnectionVariable">Environment variable with the connection string of a PostgreSQL database.</param>
/// <param name="SqlitePath">A SQLite file.</param>
internal sealed record MigrateTarget(string? ConfigFile, string? ConnectionVariable, string? SqlitePath);
