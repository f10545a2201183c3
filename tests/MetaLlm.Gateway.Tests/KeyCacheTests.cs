using MetaLlm.Engine.Ports;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Authentication;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Gateway.Tests;

public sealed class KeyCacheTests
{
    private readonly InMemoryTenantDirectory _directory = new();
    private readonly ManualTimeProvider _time = new();
    private readonly KeyCache _cache;

    public KeyCacheTests() => _cache = new KeyCache(_time, _directory);

    [Fact]
    public async Task A_key_is_read_once_and_a_wrong_secret_opens_nothing()
    {
        var (text, key) = await MakeAsync("acme");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(("acme", key.Id), await FindAsync(text) is { } found ? (found.Tenant, found.Caller!.Id) : default);
        }

        Assert.Null(await FindAsync(text[..^1] + (text[^1] == 'x' ? 'y' : 'x')));
        Assert.Equal(1, _directory.KeyReads);
    }

    [Fact]
    public async Task An_id_that_nobody_has_is_looked_for_once_until_somebody_says_that_it_was_made()
    {
        var (text, key) = DirectoryKeyText.Create((id, salt, hash) => Key("acme", id, salt, hash));
        Assert.Null(await FindAsync(text));
        Assert.Null(await FindAsync(text));
        Assert.Equal(1, _directory.KeyReads);

        await AddAsync(key);
        _cache.Forget(key.Id);
        Assert.NotNull(await FindAsync(text));
    }

    [Fact]
    public async Task A_key_that_was_shown_before_lasts_until_it_expires_or_is_gone()
    {
        var (text, key) = await MakeAsync(null, _time.GetUtcNow().AddMinutes(1));
        Assert.True(DirectoryKeyText.TryReadId(text, out var id));
        Assert.NotNull((await _cache.StillAsync(id, default))?.Manager);
        Assert.NotNull((await _cache.StillAsync(id, default))?.Manager);
        Assert.Equal(1, _directory.KeyReads);

        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await _cache.StillAsync(id, default));
        Assert.Null(await _cache.StillAsync(1, default));
        Assert.Null(await new KeyCache(_time).StillAsync(id, default));
    }

    [Fact]
    public async Task A_key_opens_nothing_from_its_expiry_on()
    {
        var (text, _) = await MakeAsync("acme", _time.GetUtcNow().AddMinutes(1));
        Assert.NotNull(await FindAsync(text));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await FindAsync(text));
    }

    [Fact]
    public async Task What_was_forgotten_is_read_again()
    {
        var (text, key) = await MakeAsync("acme");
        var (other, _) = await MakeAsync("other");
        Assert.NotNull(await FindAsync(text));
        Assert.NotNull(await FindAsync(other));

        await _directory.WriteAsync(new DirectoryWrite { Action = DirectoryAction.RevokeKey, Actor = "me", At = _time.GetUtcNow(), Tenant = "acme", KeyId = key.Id }, default);
        _cache.Forget(key.Id);
        Assert.Null(await FindAsync(text));
        _cache.ForgetTenant("other");
        Assert.NotNull(await FindAsync(other));
        Assert.Equal(4, _directory.KeyReads);
    }

    [Fact]
    public async Task A_use_is_noted_once_a_minute()
    {
        var (text, key) = await MakeAsync("acme");
        await FindAsync(text);
        await FindAsync(text);
        Assert.Equal([new KeyUse(key.Id, _time.GetUtcNow())], _cache.TakeUses());
        _time.Advance(TimeSpan.FromSeconds(59));
        await FindAsync(text);
        Assert.Empty(_cache.TakeUses());
        _time.Advance(TimeSpan.FromSeconds(1));
        await FindAsync(text);
        Assert.Single(_cache.TakeUses());
    }

    [Fact]
    public async Task A_directory_that_is_away_is_no_answer()
    {
        var (text, _) = await MakeAsync("acme");
        _directory.Failure = new EngineUnavailableException("away");
        await Assert.ThrowsAsync<EngineUnavailableException>(async () => await FindAsync(text));
        _directory.Failure = null;
        Assert.NotNull(await FindAsync(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("mlk_")]
    [InlineData("sk-0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("mlk_0123456789abcdeg_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("mlk_0123456789abcdef_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void What_has_not_the_form_of_a_key_is_none(string text) => Assert.False(DirectoryKeyText.TryReadId(text, out _));

    private async Task<KnownKey?> FindAsync(string text)
    {
        Assert.True(DirectoryKeyText.TryReadId(text, out var id));
        return _cache.TryFind(id, text, out var known) ? known : await _cache.FindAsync(id, text, default);
    }

    private async Task<(string Text, DirectoryKey Key)> MakeAsync(string? tenant, DateTimeOffset? expires = null)
    {
        var made = DirectoryKeyText.Create((id, salt, hash) => Key(tenant, id, salt, hash) with { ExpiresAt = expires });
        await AddAsync(made.Key);
        return made;
    }

    private async Task AddAsync(DirectoryKey key) =>
        await _directory.WriteAsync(new DirectoryWrite { Action = DirectoryAction.CreateKey, Actor = "me", At = _time.GetUtcNow(), Tenant = key.Tenant, Key = key }, default);

    private DirectoryKey Key(string? tenant, string id, byte[] salt, byte[] hash) =>
        new() { Id = id, Tenant = tenant, Rights = [tenant is null ? "read" : "chat"], Salt = salt, Hash = hash, CreatedAt = _time.GetUtcNow() };
}
