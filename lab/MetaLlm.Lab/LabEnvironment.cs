using MetaLlm.Engine.Ports;

namespace MetaLlm.Lab;

/// <summary>What verbs work with besides their options; tests replace it.</summary>
internal sealed record LabEnvironment
{
    /// <summary>Receives results.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Receives messages.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether <see cref="Output"/> is a terminal, so that tables may be drawn.</summary>
    public required bool OutputIsTerminal { get; init; }

    /// <summary>Whether <see cref="Error"/> is a terminal, so that progress may be drawn.</summary>
    public required bool ErrorIsTerminal { get; init; }

    /// <summary>Opens the embedding model; called only by verbs that need it. The caller disposes of it when it is disposable.</summary>
    public required Func<CancellationToken, ValueTask<IEmbedder>> OpenEmbedder { get; init; }
}
