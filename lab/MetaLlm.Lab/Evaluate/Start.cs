namespace MetaLlm.Lab.Evaluate;

/// <summary>What a policy knows when the stream begins.</summary>
internal enum Start
{
    /// <summary>Rows with every arm's outcome, which leave the stream: the train split, else 30 % drawn per seed.</summary>
    Warm = 0,

    /// <summary>Nothing.</summary>
    Cold = 1,
}
