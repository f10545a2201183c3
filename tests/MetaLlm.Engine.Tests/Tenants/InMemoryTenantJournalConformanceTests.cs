using MetaLlm.TestKit.Conformance;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.Tests.Tenants;

public sealed class InMemoryTenantJournalConformanceTests : TenantJournalConformance<InMemoryTenantJournal>
{
    protected override ValueTask<IStoreFixture> OpenAsync() => ValueTask.FromResult<IStoreFixture>(new InMemoryStoreFixture());
}
