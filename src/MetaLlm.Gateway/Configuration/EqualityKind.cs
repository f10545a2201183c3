namespace MetaLlm.Gateway.Configuration;

/// <summary>How two answers are compared.</summary>
public enum EqualityKind
{
    /// <summary>By their texts; case and white space do not matter.</summary>
    Exact = 0,

    /// <summary>By what they say in JSON; the order of members and white space do not matter. Answers that are no JSON are compared by their texts.</summary>
    Json = 1,

    /// <summary>A model says whether they say the same.</summary>
    Model = 2,
}
