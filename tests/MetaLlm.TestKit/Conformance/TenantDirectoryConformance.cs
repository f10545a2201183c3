using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.TestKit.Conformance;

/// <summary>What every directory of tenants does.</summary>
/// <typeparam name="TDirectory">The implementation.</typeparam>
public abstract class TenantDirectoryConformance<TDirectory> : IAsyncLifetime
    where TDirectory : ITenantDirectory
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    private IStoreFixture _fixture = null!;

    private ITenantDirectory Directory => _fixture.Directory;

    /// <summary>Opens an empty store.</summary>
    protected abstract ValueTask<IStoreFixture> OpenAsync();

    /// <inheritdoc/>
    public async Task InitializeAsync() => _fixture = await OpenAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [ConformanceFact]
    public void The_fixture_holds_the_implementation_it_names() => Assert.IsType<TDirectory>(Directory);

    [ConformanceFact]
    public async Task An_empty_directory_has_revision_0_and_nothing_else()
    {
        Assert.Equal(0, await Directory.GetRevisionAsync(default));
        Assert.Null(await Directory.FindTenantAsync("acme", default));
        Assert.Null(await Directory.FindKeyAsync("k1", default));
        Assert.Empty(await Directory.ListTenantsAsync(null, 10, default));
        Assert.Empty(await Directory.ListKeysAsync(null, default));
        Assert.Empty(await Directory.ReadChangesAsync(new DirectoryChangeQuery(), default));
    }

    [ConformanceFact]
    public async Task A_tenant_comes_back_as_it_was_after_reopening()
    {
        const string Document = """{"id":"acme","note":"ü€😀"}""";
        var receipt = await CreateAsync("acme", Document);
        await _fixture.ReopenAsync();

        var found = await Directory.FindTenantAsync("acme", default);

        Assert.Equal(new DirectoryTenant("acme", 1, Document, Noon, Noon), found);
        Assert.Equal(new DirectoryReceipt(DirectoryOutcome.Written, 1, found), receipt);
        Assert.Equal(1, await Directory.GetRevisionAsync(default));
        Assert.Null(await Directory.FindTenantAsync("Acme", default));
    }

    [ConformanceFact]
    public async Task An_id_that_is_taken_is_refused_and_nothing_is_written()
    {
        await CreateAsync("acme", "{}");

        Assert.Equal(DirectoryOutcome.Exists, (await CreateAsync("acme", "[]")).Outcome);
        Assert.Equal("{}", (await Directory.FindTenantAsync("acme", default))!.Document);
        Assert.Equal(1, await Directory.GetRevisionAsync(default));
    }

    [ConformanceFact]
    public async Task A_replacement_takes_the_next_revision_and_says_nothing_when_it_changes_nothing()
    {
        await CreateAsync("acme", "{}");
        await CreateAsync("other", "{}");
        var replaced = await Directory.WriteAsync(Replacement("acme", "[]") with { At = Noon.AddHours(1) }, default);
        var again = await Directory.WriteAsync(Replacement("acme", "[]"), default);

        Assert.Equal(new DirectoryReceipt(DirectoryOutcome.Written, 3, new DirectoryTenant("acme", 3, "[]", Noon, Noon.AddHours(1))), replaced);
        Assert.Equal((DirectoryOutcome.Unchanged, 3), (again.Outcome, again.Tenant!.Revision));
        Assert.Equal(3, await Directory.GetRevisionAsync(default));
        Assert.Equal(DirectoryOutcome.NotFound, (await Directory.WriteAsync(Replacement("nobody", "[]"), default)).Outcome);
    }

    [ConformanceFact]
    public async Task A_change_of_another_revision_than_expected_is_refused()
    {
        await CreateAsync("acme", "{}");
        await Directory.WriteAsync(Replacement("acme", "[]"), default);

        var old = await Directory.WriteAsync(Replacement("acme", "1") with { ExpectedRevision = 1 }, default);
        Assert.Equal((DirectoryOutcome.Outdated, 2), (old.Outcome, old.Tenant!.Revision));
        Assert.Equal(DirectoryOutcome.Outdated, (await Directory.WriteAsync(Deletion("acme") with { ExpectedRevision = 1 }, default)).Outcome);
        Assert.Equal(DirectoryOutcome.Written, (await Directory.WriteAsync(Replacement("acme", "1") with { ExpectedRevision = 2 }, default)).Outcome);
    }

    [ConformanceFact]
    public async Task A_deleted_tenant_and_its_keys_are_gone_and_its_id_may_come_back_without_them()
    {
        await CreateAsync("acme", "{}");
        await CreateAsync("other", "{}");
        await AddKeyAsync("k1", "acme");
        await AddKeyAsync("k2", "other");
        Assert.Equal(DirectoryOutcome.Written, (await Directory.WriteAsync(Deletion("acme"), default)).Outcome);

        Assert.Null(await Directory.FindTenantAsync("acme", default));
        Assert.Null(await Directory.FindKeyAsync("k1", default));
        Assert.NotNull(await Directory.FindKeyAsync("k2", default));
        Assert.Equal("other", Assert.Single(await Directory.ListTenantsAsync(null, 10, default)).Id);
        Assert.Equal(DirectoryOutcome.NotFound, (await Directory.WriteAsync(Deletion("acme"), default)).Outcome);

        Assert.Equal(6, (await CreateAsync("acme", "[]")).Tenant!.Revision);
        Assert.Empty(await Directory.ListKeysAsync("acme", default));
    }

    [ConformanceFact]
    public async Task A_key_comes_back_as_it_was_until_it_is_revoked()
    {
        await CreateAsync("acme", "{}");
        var key = Key("k1", "acme") with { Name = "ü", Rights = ["chat", "feedback"], ExpiresAt = Noon.AddDays(1) };
        await Directory.WriteAsync(Creation(key), default);
        await _fixture.ReopenAsync();

        Assert.Equivalent(key, await Directory.FindKeyAsync("k1", default), strict: true);
        Assert.Equivalent(key, Assert.Single(await Directory.ListKeysAsync("acme", default)), strict: true);
        Assert.Empty(await Directory.ListKeysAsync(null, default));

        var revocation = new DirectoryWrite { Action = DirectoryAction.RevokeKey, Actor = "me", At = Noon, Tenant = "acme", KeyId = "k1" };
        Assert.Equal(DirectoryOutcome.NotFound, (await Directory.WriteAsync(revocation with { Tenant = "other" }, default)).Outcome);
        Assert.Equal(DirectoryOutcome.Written, (await Directory.WriteAsync(revocation, default)).Outcome);
        Assert.Null(await Directory.FindKeyAsync("k1", default));
        Assert.Equal(DirectoryOutcome.NotFound, (await Directory.WriteAsync(revocation, default)).Outcome);
    }

    [ConformanceFact]
    public async Task Keys_that_manage_are_apart_from_those_of_tenants()
    {
        await AddKeyAsync("m2", null);
        await AddKeyAsync("m1", null);
        await CreateAsync("acme", "{}");
        await AddKeyAsync("k1", "acme");

        Assert.Equal(["m1", "m2"], (await Directory.ListKeysAsync(null, default)).Select(key => key.Id));
        Assert.Equal(["k1"], (await Directory.ListKeysAsync("acme", default)).Select(key => key.Id));
    }

    [ConformanceFact]
    public async Task A_key_of_a_tenant_that_is_not_there_is_refused_unless_the_tenant_stands_elsewhere()
    {
        Assert.Equal(DirectoryOutcome.NotFound, (await Directory.WriteAsync(Creation(Key("k1", "acme")) with { NeedsTenant = true }, default)).Outcome);
        Assert.Equal(DirectoryOutcome.Written, (await Directory.WriteAsync(Creation(Key("k1", "acme")), default)).Outcome);
        Assert.Equal(DirectoryOutcome.Exists, (await Directory.WriteAsync(Creation(Key("k1", "acme")), default)).Outcome);
    }

    [ConformanceFact]
    public async Task Uses_of_keys_are_noted_without_a_revision()
    {
        await AddKeyAsync("k1", null);
        await AddKeyAsync("k2", null);
        await Directory.RecordUsesAsync([new("k2", Noon), new("k1", Noon.AddMinutes(1)), new("gone", Noon)], default);
        await Directory.RecordUsesAsync([], default);

        Assert.Equal([Noon.AddMinutes(1), Noon], (await Directory.ListKeysAsync(null, default)).Select(key => key.LastUsedAt));
        Assert.Equal(2, await Directory.GetRevisionAsync(default));
    }

    [ConformanceFact]
    public async Task Tenants_are_listed_in_pages_in_the_order_of_their_bytes()
    {
        foreach (var id in (string[])["b", "B", "a", "a.1", "_"])
        {
            await CreateAsync(id, "{}");
        }

        var first = await Directory.ListTenantsAsync(null, 3, default);
        var second = await Directory.ListTenantsAsync(first[^1].Id, 3, default);

        Assert.Equal(["B", "_", "a"], first.Select(tenant => tenant.Id));
        Assert.Equal(["a.1", "b"], second.Select(tenant => tenant.Id));
    }

    [ConformanceFact]
    public async Task Every_change_is_recorded_with_what_was_there_before_and_after()
    {
        await CreateAsync("acme", "{}");
        await Directory.WriteAsync(Replacement("acme", "[]") with { Actor = "somebody", At = Noon.AddHours(1) }, default);
        await AddKeyAsync("k1", "acme");
        await AddKeyAsync("m1", null);
        await Directory.WriteAsync(Deletion("acme") with { At = Noon.AddHours(2) }, default);

        var all = await Directory.ReadChangesAsync(new DirectoryChangeQuery(), default);
        Assert.Equal(
            [DirectoryAction.CreateTenant, DirectoryAction.ReplaceTenant, DirectoryAction.CreateKey, DirectoryAction.CreateKey, DirectoryAction.DeleteTenant],
            all.Select(change => change.Action));
        Assert.Equal([1, 2, 3, 4, 5], all.Select(change => change.Revision));
        Assert.Equal(
            new DirectoryChange { Revision = 2, At = Noon.AddHours(1), Actor = "somebody", Action = DirectoryAction.ReplaceTenant, Tenant = "acme", Before = "{}", After = "[]" }, all[1]);
        Assert.Equal("k1", all[2].KeyId);
        Assert.DoesNotContain("hash", all[2].After!, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(("[]", null), (all[4].Before, all[4].After));

        Assert.Equal([1, 2, 3, 5], (await Directory.ReadChangesAsync(new DirectoryChangeQuery { Tenant = "acme" }, default)).Select(change => change.Revision));
        Assert.Equal([2, 5], (await Directory.ReadChangesAsync(new DirectoryChangeQuery { Since = Noon.AddHours(1) }, default)).Select(change => change.Revision));
        Assert.Equal([4, 5], (await Directory.ReadChangesAsync(new DirectoryChangeQuery { After = 3 }, default)).Select(change => change.Revision));
        Assert.Equal([3], (await Directory.ReadChangesAsync(new DirectoryChangeQuery { After = 2, Limit = 1 }, default)).Select(change => change.Revision));
        Assert.All(await Directory.ReadChangesAsync(new DirectoryChangeQuery { WithContents = false }, default), change => Assert.Null(change.After ?? change.Before));
    }

    [ConformanceFact]
    public async Task Changes_made_at_once_have_revisions_without_gap_and_one_of_many_creations_wins()
    {
        var receipts = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(async () => await CreateAsync(i % 2 == 0 ? "acme" : $"t{i}", "{}"))));

        Assert.Equal(5, receipts.Count(receipt => receipt.Outcome == DirectoryOutcome.Exists));
        Assert.Equal(Enumerable.Range(1, 7).Select(i => (long)i), receipts.Where(receipt => receipt.Outcome == DirectoryOutcome.Written).Select(receipt => receipt.Revision).Order());
        Assert.Equal(7, await Directory.GetRevisionAsync(default));
    }

    [ConformanceFact]
    public async Task What_no_store_can_keep_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(async () => await CreateAsync("a\0", "{}"));
        await Assert.ThrowsAsync<ArgumentException>(async () => await CreateAsync("acme", ""));
        await Assert.ThrowsAsync<ArgumentException>(async () => await Directory.WriteAsync(Deletion("acme") with { Tenant = null }, default));
        Assert.Equal(0, await Directory.GetRevisionAsync(default));
    }

    private static DirectoryWrite Replacement(string tenant, string document) =>
        new() { Action = DirectoryAction.ReplaceTenant, Actor = "me", At = Noon, Tenant = tenant, Document = document };

    private static DirectoryWrite Deletion(string tenant) => new() { Action = DirectoryAction.DeleteTenant, Actor = "me", At = Noon, Tenant = tenant };

    private static DirectoryWrite Creation(DirectoryKey key) => new() { Action = DirectoryAction.CreateKey, Actor = "me", At = Noon, Tenant = key.Tenant, Key = key };

    private static DirectoryKey Key(string id, string? tenant) =>
        new() { Id = id, Tenant = tenant, Rights = ["read"], Salt = [1, 2, 0], Hash = [255, 0, 3], CreatedAt = Noon, Limits = tenant is null ? null : new AdmissionLimits { RequestsPerMinute = 7, TokensPerMinute = 8_000_000_000 } };

    private async Task<DirectoryReceipt> CreateAsync(string tenant, string document) =>
        await Directory.WriteAsync(new DirectoryWrite { Action = DirectoryAction.CreateTenant, Actor = "me", At = Noon, Tenant = tenant, Document = document }, default);

    private async Task AddKeyAsync(string id, string? tenant) => await Directory.WriteAsync(Creation(Key(id, tenant)), default);
}
