namespace MetaLlm.Core.Features;

/// <summary>Features that can be read off a text's surface: lengths, digits, lines, code marks and the like.</summary>
public static partial class StructuralFeatures
{
    /// <summary>How many features there are.</summary>
    public const int Count = 19;
}
