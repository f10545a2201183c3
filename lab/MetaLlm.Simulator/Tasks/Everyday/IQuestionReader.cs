namespace MetaLlm.Simulator.Tasks.Everyday;

/// <summary>Understands questions of one kind that are in no catalogue, and works out their answers.</summary>
internal interface IQuestionReader
{
    /// <summary>The kind of query; model skill is set per kind.</summary>
    SimTaskType Type { get; }

    /// <summary>Questions that the reader understands, for people who ask what can be asked.</summary>
    IReadOnlyList<string> Examples { get; }

    /// <summary>Reads a question.</summary>
    /// <param name="question">One line without surrounding white space; case as it came.</param>
    /// <param name="random">Chooses wrong answers; the same question gets the same ones.</param>
    /// <returns>The question with its answer, or null when it is of another kind.</returns>
    TaskDraft? Read(string question, SeededRandom random);
}
