using System.Diagnostics.CodeAnalysis;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>An answer that lacks what was asked for.</summary>
internal sealed class Unmet(string reason) : Exception(reason)
{
    public static void Unless([DoesNotReturnIf(false)] bool isMet, string reason)
    {
        if (!isMet)
        {
            throw new Unmet(reason);
        }
    }
}
