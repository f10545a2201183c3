namespace MetaLlm.Gateway.Configuration;

/// <summary>How a judge comes to its verdict.</summary>
public enum JudgeKind
{
    /// <summary>A model is asked, by a rubric.</summary>
    Model = 0,

    /// <summary>The answer is compared with the reference answer.</summary>
    Exact = 1,

    /// <summary>A regular expression looks for something in the answer.</summary>
    Regex = 2,

    /// <summary>The answer has to be JSON of a schema.</summary>
    JsonSchema = 3,

    /// <summary>An address is asked, behind which code is run or whatever else.</summary>
    Webhook = 4,
}
