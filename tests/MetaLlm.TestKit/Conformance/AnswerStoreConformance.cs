using System.Text;
using MetaLlm.Engine.Idempotency;
using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit.Conformance;

/// <summary>What every store of kept answers does.</summary>
/// <typeparam name="TStore">The implementation.</typeparam>
public abstract class AnswerStoreConformance<TStore> : StoreConformance<IAnswerStore>
    where TStore : IAnswerStore
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(30);

    [ConformanceFact]
    public async Task The_first_claim_holds_and_its_answer_is_everybodys_after_reopening()
    {
        Assert.IsType<TStore>(Store);
        Assert.Equal(("a", null), Standing(await ClaimAsync("a")));
        Assert.Equal(("a", null), Standing(await ClaimAsync("b", fingerprint: 2)));
        Assert.False(await Store.KeepAsync("acme", "k", Answer("b", "other"), default));
        Assert.True(await Store.KeepAsync("acme", "k", Answer("a", "ü😀"), default));
        await Fixture.ReopenAsync();

        var found = (await ClaimAsync("c"))!;
        Assert.Equal(("a", (int?)200, """{"x":"y"}""", "ü😀", 1), (found.Owner, found.Status, found.Head, Encoding.UTF8.GetString(found.Body.Span), found.Fingerprint.Span[0]));
        Assert.False(await Store.KeepAsync("acme", "k", Answer("a", "again"), default));
        Assert.False(await Store.ReleaseAsync("acme", "k", "a", default));
        Assert.False(await Store.RenewAsync("acme", "k", "a", Noon, default));
        Assert.Equal(("c", null), Standing(await ClaimAsync("c", tenant: "other")));
        Assert.Equal(("c", null), Standing(await ClaimAsync("c", id: "K")));
    }

    [ConformanceFact]
    public async Task A_claim_ends_when_its_call_lets_go_or_is_silent_for_too_long()
    {
        await ClaimAsync("a");
        Assert.True(await Store.ReleaseAsync("acme", "k", "a", default));
        Assert.Equal("b", (await ClaimAsync("b"))!.Owner);

        Assert.Equal("b", (await ClaimAsync("c", at: Noon + Hold))!.Owner);
        Assert.True(await Store.RenewAsync("acme", "k", "b", Noon + (2 * Hold), default));
        Assert.Equal("b", (await ClaimAsync("c", at: Noon + (2 * Hold)))!.Owner);
        Assert.Equal("c", (await ClaimAsync("c", at: Noon + (2 * Hold) + TimeSpan.FromTicks(1), fingerprint: 3))!.Owner);
        Assert.False(await Store.RenewAsync("acme", "k", "b", Noon + (9 * Hold), default));
        Assert.False(await Store.KeepAsync("acme", "k", Answer("b", "late"), default));
        Assert.True(await Store.KeepAsync("acme", "k", Answer("c", "right"), default));
    }

    [ConformanceFact]
    public async Task An_answer_is_known_until_it_expires_and_its_key_is_free_then()
    {
        await ClaimAsync("a");
        await Store.KeepAsync("acme", "k", Answer("a", "old"), default);
        var later = Noon.AddDays(1);
        Assert.Equal("a", (await ClaimAsync("b", at: later, expired: Noon))!.Owner);
        var fresh = (await ClaimAsync("b", at: later, expired: Noon.AddTicks(1), fingerprint: 7))!;
        Assert.Equal(("b", null, 7, 0), (fresh.Owner, fresh.Status, fresh.Fingerprint.Span[0], fresh.Body.Length));
    }

    [ConformanceFact]
    public async Task Of_many_claims_at_once_one_holds()
    {
        var found = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(async () => (Me: $"o{i}", Has: (await ClaimAsync($"o{i}"))!.Owner))));
        Assert.Single(found.Select(one => one.Has).Distinct());
        Assert.Single(found, one => one.Me == one.Has);
    }

    [ConformanceFact]
    public async Task The_oldest_answers_of_a_tenant_go_first_and_running_calls_stay()
    {
        for (var i = 0; i < 6; i++)
        {
            await ClaimAsync("a", id: $"k{i}", at: Noon.AddMinutes(i));
            await Store.KeepAsync("acme", $"k{i}", Answer("a", new string('x', 100)), default);
        }

        await ClaimAsync("a", id: "running");
        await ClaimAsync("a", id: "k0", tenant: "other");
        await Store.KeepAsync("other", "k0", Answer("a", new string('x', 1000)), default);
        Assert.Equal(0, await Store.TrimAsync("acme", 6, 600, default));
        Assert.Equal(2, await Store.TrimAsync("acme", 4, 600, default));
        Assert.Equal(1, await Store.TrimAsync("acme", 4, 399, default));
        Assert.Equal(["b", "b", "b", "a", "a", "a"], await Task.WhenAll(Enumerable.Range(0, 6).Select(async i => (await ClaimAsync("b", id: $"k{i}"))!.Owner)));
        Assert.Equal("a", (await ClaimAsync("b", id: "running"))!.Owner);
        Assert.Equal("a", (await ClaimAsync("b", id: "k0", tenant: "other"))!.Owner);
    }

    [ConformanceFact]
    public async Task What_is_old_is_dropped_and_a_tenant_is_dropped_whole()
    {
        await ClaimAsync("a", id: "k1", at: Noon.AddHours(-3));
        await ClaimAsync("a", id: "k2", at: Noon.AddHours(-2));
        await ClaimAsync("a", id: "k3", at: Noon);
        await ClaimAsync("a", tenant: "other");
        Assert.Equal(1, await Store.DropAsync(Noon, 1, default));
        Assert.Equal(1, await Store.DropAsync(Noon, 10, default));
        await Store.DeleteTenantAsync("acme", default);
        Assert.Equal("b", (await ClaimAsync("b", id: "k3"))!.Owner);
        Assert.Equal("a", (await ClaimAsync("b", tenant: "other"))!.Owner);
    }

    private ValueTask<KeptAnswer?> ClaimAsync(
        string owner, string id = "k", string tenant = "acme", DateTimeOffset? at = null, DateTimeOffset? expired = null, byte fingerprint = 1) => Store.ClaimAsync(
        new AnswerClaim
        {
            Tenant = tenant, Id = id, Fingerprint = new[] { fingerprint }, Owner = owner, At = at ?? Noon, HeldUntil = (at ?? Noon) + Hold, Expired = expired ?? Noon.AddDays(-1),
        },
        default);

    private static KeptAnswer Answer(string owner, string body) =>
        new() { Fingerprint = new byte[] { 1 }, Owner = owner, Status = 200, Head = """{"x":"y"}""", Body = Encoding.UTF8.GetBytes(body) };

    private static (string Owner, int? Status) Standing(KeptAnswer? answer) => (answer!.Owner, answer.Status);
}
