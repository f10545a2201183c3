namespace MetaLlm.Host.Batch;

/// <summary>What keeps a batch from being run, or from going on, for people.</summary>
/// <param name="message">A sentence: what is wrong, and what is legal.</param>
/// <param name="isOfGateway">Whether the gateway refuses the batch, rather than that options or files cannot be used.</param>
internal sealed class BatchException(string message, bool isOfGateway = false) : Exception(message)
{
    /// <summary>Exit code of the command.</summary>
    public int ExitCode => isOfGateway ? ServeCommand.StartFailed : ServeCommand.ConfigurationFailed;
}
