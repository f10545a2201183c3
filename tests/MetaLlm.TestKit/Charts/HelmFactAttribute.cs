namespace MetaLlm.TestKit.Charts;

/// <summary>A test that needs <c>helm</c>; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HelmFactAttribute : FactAttribute
{
    /// <summary>Marks the test.</summary>
    public HelmFactAttribute() => Skip = Helm.Unavailable;
}
