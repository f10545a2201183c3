namespace MetaLlm.Embeddings.Models;

/// <summary>A model directory is not usable; the message lists everything that is wrong with it.</summary>
public sealed class InvalidModelException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="directory">The model directory.</param>
    /// <param name="errors">What is wrong, at least one entry.</param>
    /// <param name="innerException">What failed underneath, if anything did.</param>
    public InvalidModelException(string directory, IReadOnlyList<string> errors, Exception? innerException = null)
        : base($"The embedding model in {directory} cannot be used: {string.Join(" ", errors ?? [])}", innerException)
    {
        ModelDirectory = directory;
        Errors = errors ?? [];
    }

    /// <summary>The model directory.</summary>
    public string ModelDirectory { get; }

    /// <summary>Everything that is wrong, one sentence each.</summary>
    public IReadOnlyList<string> Errors { get; }
}
