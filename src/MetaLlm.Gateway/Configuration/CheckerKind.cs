namespace MetaLlm.Gateway.Configuration;

/// <summary>How a checker of answers comes to its verdict; each is a judge of the same kind (<see cref="JudgeKind"/>).</summary>
public enum CheckerKind
{
    /// <summary>A regular expression looks for something in the answer.</summary>
    Regex = 0,

    /// <summary>The answer is compared with the reference answer.</summary>
    Exact = 1,

    /// <summary>The answer has to be JSON of a schema.</summary>
    JsonSchema = 2,
}
