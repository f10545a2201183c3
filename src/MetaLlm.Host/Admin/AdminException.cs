namespace MetaLlm.Host.Admin;

/// <summary>A gateway refused a request of management, or did not answer it.</summary>
internal sealed class AdminException(string message) : Exception(message)
{
    /// <summary>Status of the answer; 0 without one.</summary>
    public int Status { get; init; }
}
