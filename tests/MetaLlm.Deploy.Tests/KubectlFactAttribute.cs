namespace MetaLlm.Deploy.Tests;

/// <summary>A test that needs kubectl to render overlays; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class KubectlFactAttribute : FactAttribute
{
    public KubectlFactAttribute()
    {
        if (!Checkout.HasKubectl)
        {
            Skip = "kubectl, which renders the overlays, is not installed.";
        }
    }
}
