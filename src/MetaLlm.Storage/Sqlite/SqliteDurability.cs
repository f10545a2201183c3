namespace MetaLlm.Storage.Sqlite;

/// <summary>What an acknowledged write survives.</summary>
public enum SqliteDurability
{
    /// <summary>A crash of the process and a loss of power: the log is flushed to the disk at every commit.</summary>
    PowerLoss = 0,

    /// <summary>A crash of the process only: the operating system flushes the log when it likes. Never corrupts the file.</summary>
    ProcessCrash = 1,
}
