namespace MetaLlm.TestKit;

/// <summary>A theory that needs a browser; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    /// <summary>Marks the theory.</summary>
    public BrowserTheoryAttribute() => Skip = Browser.Unavailable;
}
