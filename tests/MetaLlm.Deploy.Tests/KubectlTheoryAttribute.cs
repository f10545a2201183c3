namespace MetaLlm.Deploy.Tests;

/// <summary>A theory that needs kubectl to render overlays; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KubectlTheoryAttribute : TheoryAttribute
{
    public KubectlTheoryAttribute()
    {
        if (!Checkout.HasKubectl)
        {
            Skip = "kubectl, which renders the overlays, is not installed.";
        }
    }
}
