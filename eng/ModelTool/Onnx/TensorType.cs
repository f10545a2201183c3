namespace MetaLlm.ModelTool.Onnx;

/// <summary>Element types of tensors, with the numbers that ONNX gives them (TensorProto.DataType).</summary>
public enum TensorType
{
    /// <summary>32-bit floating point.</summary>
    Float = 1,

    /// <summary>8-bit unsigned integer.</summary>
    UInt8 = 2,

    /// <summary>8-bit signed integer.</summary>
    Int8 = 3,

    /// <summary>64-bit signed integer.</summary>
    Int64 = 7,
}
