namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>Something that clients ask for.</summary>
/// <param name="Name">A row of the table.</param>
/// <param name="TryAsync">Asks for it; it ends well where the client gets it, and throws <see cref="Unmet"/> or <see cref="Refused"/> where not.</param>
internal sealed record Feature(string Name, Func<Probe, Task> TryAsync);
