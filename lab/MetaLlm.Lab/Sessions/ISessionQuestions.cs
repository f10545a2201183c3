using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Sessions;

/// <summary>Where the questions of a world's sessions come from.</summary>
internal interface ISessionQuestions
{
    /// <summary>Id of the embedding model.</summary>
    string EmbeddingModel { get; }

    /// <summary>Its reduction.</summary>
    LinearReduction Reduction { get; }

    /// <summary>Parts of the context in use.</summary>
    ContextParts Parts { get; }

    /// <summary>Whether <see cref="SessionQuestion.Scores"/> were recorded; otherwise they are probabilities, and luck decides.</summary>
    bool AreRecorded { get; }

    /// <summary>Rows that tenants start with; empty for a cold start.</summary>
    IReadOnlyList<WarmStartQuery> Training { get; }

    /// <summary>Begins a session.</summary>
    /// <param name="draws">The session's random numbers; the questions take theirs from them as they are asked.</param>
    /// <returns>Gives the next question at each call.</returns>
    Func<CancellationToken, ValueTask<SessionQuestion>> Begin(SessionDraws draws);
}
