using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="QuizSet"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.quiz-set")]
internal struct QuizSetSurrogate
{
    [Id(0)]
    public byte[] Bytes;
}

/// <summary>Turns <see cref="QuizSet"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class QuizSetConverter : IConverter<QuizSet, QuizSetSurrogate>
{
    /// <inheritdoc/>
    public QuizSet ConvertFromSurrogate(in QuizSetSurrogate surrogate) => QuizCodec.Decode(surrogate.Bytes);

    /// <inheritdoc/>
    public QuizSetSurrogate ConvertToSurrogate(in QuizSet value) => new()
    {
        Bytes = QuizCodec.Encode(value),
    };
}

/// <summary>Passes <see cref="QuizSet"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class QuizSetCopier : ShallowCopier<QuizSet>;
