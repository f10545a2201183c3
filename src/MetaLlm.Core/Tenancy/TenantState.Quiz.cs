namespace MetaLlm.Core.Tenancy;

public sealed partial class TenantState
{
    private readonly QuizHistory _quizzes = new();

    /// <summary>Whether what is believed of an arm rests on a quiz already.</summary>
    /// <param name="arm">The arm.</param>
    /// <param name="digest">Digest of the quiz.</param>
    public bool HasQuiz(string arm, string digest) => _quizzes.Has(arm, digest);

    /// <summary>Rows of all quizzes that what is believed of an arm rests on.</summary>
    public int QuizRows(string arm) => _quizzes.Rows(arm);

    /// <summary>Checks that a quiz could be learned from now.</summary>
    /// <param name="quiz">The quiz.</param>
    /// <exception cref="InvalidOperationException">There is no configuration yet.</exception>
    /// <exception cref="ArgumentException">It could not; the message names what is wrong.</exception>
    public void CheckQuiz(QuizSet quiz)
    {
        ArgumentNullException.ThrowIfNull(quiz);
        WarmStartCheck.Check(quiz, _embeddingModelId, _modelReduction.InputDimensions, Configured().Arms.Select(a => a.Id));
    }

    private void Quiz(QuizzedEvent quizzed)
    {
        var configuration = Configured();
        var (quiz, set) = (quizzed.Quiz, quizzed.Quiz.Outcomes);
        if (set.EmbeddingModelId != _embeddingModelId || !_armIndex.TryGetValue(quiz.ArmId, out var arm) || HasQuiz(quiz.ArmId, quizzed.Digest))
        {
            // Recorded just after another model came, the arm left, or another owner recorded it: a log that is durable must fold, whatever it holds.
            return;
        }

        CheckQuiz(quiz);
        var changePoints = _policy!.ChangePoints;
        _policy.Quiz(arm, _features.Map(set.RowsOf(configuration.Arms), configuration.Parts));
        _quizzes.Add(quiz.ArmId, quizzed.Digest, set.Rows.Count);
        ResetDualAfter(changePoints, configuration, quizzed.At);
    }
}
