using MetaLlm.Engine.Ports;
using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.Tests.SharedLearning;

public sealed class InMemorySharedLearningStoreConformanceTests : SharedLearningStoreConformance<InMemorySharedLearningStore>
{
    protected override ValueTask<(IStoreFixture Fixture, Func<ISharedLearningStore> Store)> OpenAsync()
    {
        var store = new InMemorySharedLearningStore();
        return ValueTask.FromResult<(IStoreFixture, Func<ISharedLearningStore>)>((new InMemoryStoreFixture(), () => store));
    }
}
