namespace MetaLlm.Embeddings.Tests.Support;

/// <summary>A directory that lives as long as a test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string FullName { get; } = Directory.CreateTempSubdirectory("metallm-").FullName;

    public void Dispose() => Directory.Delete(FullName, recursive: true);
}
