namespace MetaLlm.Gateway.Configuration;

/// <summary>Where decisions, events and learned state are kept.</summary>
public sealed record StorageSettings
{
    /// <summary>Which database.</summary>
    public required StorageKind Kind { get; init; }

    /// <summary>Full path of the file for <see cref="StorageKind.Sqlite"/>; else null.</summary>
    public string? Path { get; init; }

    /// <summary>Environment variable that holds the connection string for <see cref="StorageKind.Postgres"/>; else null.</summary>
    public string? ConnectionEnvironment { get; init; }

    /// <summary>The connection string for <see cref="StorageKind.Postgres"/>, password included; else null. Never shown.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Says where the data are, without secrets.</summary>
    public override string ToString() => Kind == StorageKind.Sqlite ? Path! : $"PostgreSQL, by environment variable {ConnectionEnvironment}";
}
