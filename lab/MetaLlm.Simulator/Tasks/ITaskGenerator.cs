namespace MetaLlm.Simulator.Tasks;

/// <summary>Writes queries of one kind.</summary>
internal interface ITaskGenerator
{
    /// <summary>The kind it writes.</summary>
    SimTaskType Type { get; }

    /// <summary>A query of level 1 (trivial) to <see cref="TaskCatalog.Levels"/> (hard), the same for the same state of <paramref name="random"/>.</summary>
    TaskDraft Generate(SeededRandom random, int level);
}
