namespace MetaLlm.ModelTool;

/// <summary>How the matrices of a converted model are stored.</summary>
internal enum WeightPrecision
{
    /// <summary>As they are: 32-bit floating point.</summary>
    Float32,

    /// <summary>8-bit integers with one scale per output channel; arithmetic stays in 32-bit floating point.</summary>
    Int8,
}
