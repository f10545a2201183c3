using MetaLlm.TestKit.Stores;

namespace MetaLlm.TestKit.Conformance;

/// <summary>What suites of stores beside the journal have in common: each test has an empty store.</summary>
/// <typeparam name="TPort">What the suite asks.</typeparam>
public abstract class StoreConformance<TPort> : IAsyncLifetime
{
    private Func<TPort> _store = null!;

    /// <summary>Where the store lies.</summary>
    protected IStoreFixture Fixture { get; private set; } = null!;

    /// <summary>The store, after a reopening the one that was opened last.</summary>
    protected TPort Store => _store();

    /// <summary>Opens an empty store.</summary>
    protected abstract ValueTask<(IStoreFixture Fixture, Func<TPort> Store)> OpenAsync();

    /// <inheritdoc/>
    public async Task InitializeAsync() => (Fixture, _store) = await OpenAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Fixture.DisposeAsync();
}
