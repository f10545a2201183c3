using System.Text.Json;
using MetaLlm.Lab.Replay.Cards;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Replay;

/// <summary>What other data sets say of the same models, as cards of a cold start.</summary>
public sealed class CardReplayTests : IDisposable
{
    private const int Models = 16;
    private readonly TemporaryDirectory _directory = new();
    private readonly string _data;

    public CardReplayTests()
    {
        _data = Write("played", 300, "2024-01-01");
        Write("other", 200, "2025-05-05");
    }

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Cards_of_other_sets_earn_more_than_none_and_cards_of_other_models_do_little_harm()
    {
        var (none, own, shuffled) = (await Play(), await Play("--cards", "own"), await Play("--cards", "shuffled"));
        Assert.True(Reward(own) > Reward(none) + 0.01, $"{Reward(none)} {Reward(own)}");
        Assert.True(Reward(shuffled) > Reward(none) - 0.04, $"{Reward(none)} {Reward(shuffled)}");
        Assert.False(none.TryGetProperty("cards", out _));
        Assert.Equal("other: 16 of 16 models", own.GetProperty("cards").GetString());
    }

    [Fact]
    public async Task Where_no_other_set_holds_the_models_rows_of_the_set_tell_and_leave_the_stream()
    {
        Directory.Delete(Path.Combine(_directory.Path, "other"), recursive: true);
        var own = await Play("--cards", "own");
        Assert.Equal("20 rows of played, which leave the stream", own.GetProperty("cards").GetString());
        Assert.Equal(280, own.GetProperty("queries").GetInt32());
    }

    [Fact]
    public async Task Tenants_that_share_tell_the_more_the_less_noise_they_add()
    {
        var (cold, noisy, plain) = (await Play("--cards", "pooled", "--epsilon", "0"), await Play("--cards", "pooled", "--epsilon", "0.01"), await Play("--cards", "pooled", "--epsilon", "inf"));
        Assert.Equal(("other, epsilon 0", "other, epsilon 0.01", "other, epsilon inf"), (Cards(cold), Cards(noisy), Cards(plain)));
        Assert.Equal(Reward(await Play()), Reward(cold), 0.02);
        Assert.True(Reward(plain) > Reward(cold) + 0.005, $"{Reward(cold)} {Reward(plain)}");
        Assert.True(Reward(noisy) > Reward(cold) - 0.02, $"{Reward(cold)} {Reward(noisy)}");
    }

    [Fact]
    public async Task Rows_of_the_set_can_stand_for_tenants_and_leave_the_stream()
    {
        var pooled = await Play("--cards", "pooled", "--pool-tenants", "1");
        Assert.Equal(("1 tenants of 200 rows, which leave the stream, epsilon 1", 100), (Cards(pooled), pooled.GetProperty("queries").GetInt32()));
        await AssertRefused("--epsilon", "--cards", "pooled", "--epsilon", "50");
    }

    [Fact]
    public async Task A_set_with_the_same_queries_tells_nothing()
    {
        Directory.Delete(Path.Combine(_directory.Path, "other"), recursive: true);
        Write("copy", 300, "2024-01-01", "played");
        Assert.Equal("20 rows of played, which leave the stream", (await Play("--cards", "own")).GetProperty("cards").GetString());
    }

    [Fact]
    public async Task A_file_of_cards_is_read_and_one_with_an_unknown_model_is_refused()
    {
        var file = Path.Combine(_directory.Path, "cards.json");
        await File.WriteAllTextAsync(file, """{"lab/model-15-2024-01-01": {"quality": 0.9, "byTask": {"t": 0.8}, "weight": 30}}""");
        Assert.Equal(file, (await Play("--cards", file)).GetProperty("cards").GetString());
        await File.WriteAllTextAsync(file, """{"zebra": {"quality": 0.9}}""");
        await AssertRefused("there is no model zebra in played", "--cards", file);
        await File.WriteAllTextAsync(file, """{"lab/model-15-2024-01-01": {"quality": 2}}""");
        await AssertRefused("Arms[15].Card.Quality is 2; it must be 0 to 1.", "--cards", file);
    }

    [Theory]
    [InlineData("gpt-3.5-turbo-0125", "gpt-3.5-turbo")]
    [InlineData("gpt-4-1106-preview", "gpt-4")]
    [InlineData("gpt-4o-2024-05-13", "gpt-4o")]
    [InlineData("gpt-4o-mini-2024-07-18", "gpt-4o-mini")]
    [InlineData("mistralai/mixtral-8x7b-chat", "mixtral-8x7b")]
    [InlineData("mixtral-8x7b-instruct-v0.1", "mixtral-8x7b")]
    [InlineData("claude-v2", "claude-v2")]
    [InlineData("meta-llama/llama-3.1-8b-instruct", "llama-3.1-8b")]
    public void A_model_is_known_by_its_name_without_provider_date_and_form(string id, string key) => Assert.Equal(key, SharedModels.KeyOf(id));

    private string Write(string name, int rows, string date, string? queries = null)
    {
        var directory = Directory.CreateDirectory(Path.Combine(_directory.Path, name)).FullName;
        string[] models = [.. Enumerable.Range(0, Models).Select(m => $"lab/model-{m}-{date}")];
        File.WriteAllText(Path.Combine(directory, "meta.json"), JsonSerializer.Serialize(new { name, models }));
        SyntheticData.WriteRows(directory, Enumerable.Range(0, rows).Select(i => SyntheticData.Row(
            $"{queries ?? name}-{i}", [.. Enumerable.Range(0, Models).Select(m => Core.Numerics.CounterRandom.Uniform((ulong)(m + name.Length), (ulong)i) < 0.1 + (0.05 * m) ? 1.0 : 0)], [.. Enumerable.Repeat(0.001, Models)])));
        return directory;
    }

    private async Task<JsonElement> Play(params string[] arguments) => (await CliRun.Replay(_data, [.. arguments, "--policy", "metallm", "--seeds", "4"]))[0];

    private async Task AssertRefused(string message, params string[] arguments)
    {
        var run = await CliRun.Of(null, ["replay", "--data", _data, "--json", Path.Combine(_directory.Path, "out.json"), "--policy", "metallm", .. arguments]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private static string? Cards(JsonElement report) => report.GetProperty("cards").GetString();

    private static double Reward(JsonElement report) => report.GetProperty("reward").GetProperty("mean").GetDouble();
}
