namespace MetaLlm.Engine.Orleans.ClusterTests.Support;

/// <summary>A clock that runs well but was set wrong.</summary>
/// <param name="ahead">How far it is ahead; negative when it is behind.</param>
public sealed class SkewedClock(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
