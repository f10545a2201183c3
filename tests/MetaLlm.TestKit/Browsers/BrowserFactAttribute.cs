namespace MetaLlm.TestKit;

/// <summary>A test that needs a browser; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    /// <summary>Marks the test.</summary>
    public BrowserFactAttribute() => Skip = Browser.Unavailable;
}
