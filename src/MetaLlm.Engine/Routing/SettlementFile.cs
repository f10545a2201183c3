using System.Text.Json;

namespace MetaLlm.Engine.Routing;

/// <summary>A file of settlements that this process has taken. It stays until <see cref="Delete"/>, whatever happens to the process.</summary>
internal sealed class SettlementFile : IDisposable
{
    private readonly FileStream _file;

    private SettlementFile(FileStream file, IReadOnlyList<SpilledSettlement> settlements, int unreadable)
    {
        _file = file;
        Settlements = settlements;
        Unreadable = unreadable;
    }

    /// <summary>What it holds.</summary>
    public IReadOnlyList<SpilledSettlement> Settlements { get; }

    /// <summary>Lines that are no settlements: a process may have ended in the midst of the last one.</summary>
    public int Unreadable { get; }

    /// <summary>Opens a file, unless another process has it open or has just deleted it.</summary>
    public static async Task<SettlementFile?> OpenAsync(string path)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }

        try
        {
            var (settlements, unreadable) = (new List<SpilledSettlement>(), 0);
            using var reader = new StreamReader(file, leaveOpen: true);
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                if (Read(line) is { } settlement)
                {
                    settlements.Add(settlement);
                }
                else
                {
                    unreadable++;
                }
            }

            return new SettlementFile(file, settlements, unreadable);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public void Delete()
    {
        Dispose();
        File.Delete(_file.Name);
    }

    public void Dispose() => _file.Dispose();

    private static SpilledSettlement? Read(string line)
    {
        try
        {
            var read = JsonSerializer.Deserialize(line, SpilledSettlementJson.Default.SpilledSettlement);

            // A member that an earlier release did not write is null here, whatever its type says.
            return read is { Settlement: { FailedAttempts: null } settlement } ? read with { Settlement = settlement with { FailedAttempts = [] } } : read;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
