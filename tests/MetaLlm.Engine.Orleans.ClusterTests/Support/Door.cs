using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.ClusterTests.Support;

/// <summary>A process by which callers reach the engine.</summary>
/// <param name="name">Its name.</param>
/// <param name="engine">Its engine.</param>
public sealed class Door(string name, ITenantEngine engine)
{
    private volatile bool _open = true;

    public string Name { get; } = name;

    public ITenantEngine Engine { get; } = engine;

    /// <summary>Whether the process lives and takes requests. What happens to calls behind a shut door, nobody sees any more.</summary>
    public bool IsOpen => _open;

    public void Shut() => _open = false;
}
