namespace MetaLlm.ModelTool;

/// <summary>How the matrices of a converted model are stored and multiplied.</summary>
internal enum WeightPrecision
{
    /// <summary>As they are: 32-bit floating point.</summary>
    Float32,

    /// <summary>8-bit integers with one scale per output channel; arithmetic stays in 32-bit floating point.</summary>
    Int8,

    /// <summary>8-bit integers, multiplied by inputs that are rounded to 8 bits on scales fixed beforehand.</summary>
    Int8Arithmetic,
}
