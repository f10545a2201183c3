namespace MetaLlm.Host;

/// <summary>An engine that a host can run.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Clustered">Whether several processes can serve together.</param>
/// <param name="Add">Adds the engine and the store that the settings ask for.</param>
internal sealed record EngineChoice(string Name, bool Clustered, Action<WebApplicationBuilder, HostSettings> Add);
