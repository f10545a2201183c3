using System.Numerics.Tensors;
using MetaLlm.Engine.Idempotency;

namespace MetaLlm.Gateway.Idempotency;

/// <summary>The questions of one tenant that were answered last, with their answers.</summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class SimilarQuestions
{
    /// <summary>Most bytes of all answers together.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly LinkedList<Question> _all = [];
    private long _bytes;

    /// <summary>The most similar question.</summary>
    /// <param name="key">What must be equal but for the words of the question.</param>
    /// <param name="vector">Embedding of the question.</param>
    /// <param name="least">Similarity from which one counts.</param>
    /// <param name="since">Older ones are forgotten.</param>
    public (KeptAnswer Answer, double Similarity)? Find(SimilarKey key, float[] vector, double least, DateTimeOffset since)
    {
        lock (_lock)
        {
            while (_all.First is { Value.At: var at } && at < since)
            {
                Drop();
            }

            (KeptAnswer Answer, double Similarity)? best = null;
            foreach (var question in _all)
            {
                if (question.Key == key && question.Vector.Length == vector.Length && TensorPrimitives.CosineSimilarity(question.Vector, vector) is var similarity
                    && similarity >= least && similarity > (best?.Similarity ?? double.NegativeInfinity))
                {
                    best = (question.Answer, Math.Min(1, similarity));
                }
            }

            return best;
        }
    }

    /// <summary>Remembers a question.</summary>
    /// <param name="key">What must be equal but for the words of the question.</param>
    /// <param name="vector">Embedding of the question.</param>
    /// <param name="answer">Its answer.</param>
    /// <param name="at">When it was asked.</param>
    /// <param name="most">Most questions to remember.</param>
    public void Add(SimilarKey key, float[] vector, KeptAnswer answer, DateTimeOffset at, int most)
    {
        lock (_lock)
        {
            _all.AddLast(new Question(key, vector, answer, at));
            _bytes += answer.Body.Length;
            while (_all.Count > most || (_bytes > MostBytes && _all.Count > 0))
            {
                Drop();
            }
        }
    }

    private void Drop()
    {
        _bytes -= _all.First!.Value.Answer.Body.Length;
        _all.RemoveFirst();
    }

    private sealed record Question(SimilarKey Key, float[] Vector, KeptAnswer Answer, DateTimeOffset At);
}
