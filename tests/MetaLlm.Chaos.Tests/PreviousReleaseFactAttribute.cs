namespace MetaLlm.Chaos.Tests;

/// <summary>A test that runs the release before this one beside this build; skipped, with the reason, where that cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PreviousReleaseFactAttribute : FactAttribute
{
    /// <summary>Marks the test.</summary>
    /// <param name="back">Whether hosts go back to that release, which has to accept this build's schema then.</param>
    public PreviousReleaseFactAttribute(bool back = false) => Skip = back ? PreviousRelease.NoWayBack : PreviousRelease.Unavailable;
}
