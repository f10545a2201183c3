using MetaLlm.Core.Features;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Lab.Tests.Support;

/// <summary>Embeds code and prose into opposite directions, and counts what it was asked.</summary>
internal sealed class TaggedEmbedder : IEmbedder
{
    public int Texts { get; private set; }

    public EmbeddingModelInfo Model { get; } = new("tagged-1", 2, new LinearReduction("identity-2", 2, [1f, 0f, 0f, 1f], [0f, 0f], 1));

    public ValueTask<float[]> EmbedAsync(string text, CancellationToken cancellationToken)
    {
        Texts++;
        return ValueTask.FromResult<float[]>(text.StartsWith("def", StringComparison.Ordinal) ? [1, 0] : [0, 1]);
    }

    public async ValueTask<IReadOnlyList<float[]>> EmbedBatchAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        var vectors = new List<float[]>();
        foreach (var text in texts)
        {
            vectors.Add(await EmbedAsync(text, cancellationToken));
        }

        return vectors;
    }
}
