using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class ReplayBadInputTests : IDisposable
{
    private const string GoodMeta = """{"name":"n","models":["a","b"]}""";
    private const string GoodRow = """{"query_id":"1","query_text":"t","split":"test","score":[1,0],"cost_usd":[1,2]}""";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("--policy nonsense", "--policy: there is no policy nonsense; the policies are metallm,")]
    [InlineData("--policy random,", "--policy: random, is not usable")]
    [InlineData("--policy random,random", "none twice")]
    [InlineData("--budget 0", "--budget: 0 is not usable; it must be a finite number of USD above 0.")]
    [InlineData("--budget -1", "--budget: -1 is not usable")]
    [InlineData("--budget NaN", "--budget: NaN is not usable")]
    [InlineData("--budget cheap", "--budget: cheap is not usable")]
    [InlineData("--budget 1,5", "--budget: 1,5 is not usable")]
    [InlineData("--price-weight -0.1", "--price-weight: -0.1 is not usable; it must be a finite number of at least 0.")]
    [InlineData("--price-weight Infinity", "--price-weight: Infinity is not usable")]
    [InlineData("--train 0", "--train: 0 is not usable; it must be the name of a split, or a fraction above 0 and below 1.")]
    [InlineData("--train 1.5", "--train: 1.5 is not usable")]
    [InlineData("--train nowhere", "--train: n has no split nowhere; its splits are: test, other.")]
    [InlineData("--burn-in nowhere", "--burn-in: n has no split nowhere")]
    [InlineData("--test nowhere", "--test: n has no split nowhere")]
    [InlineData("--train test --test test", "--train and --test name the same split test")]
    [InlineData("--burn-in test --train other", "No row is left to score")]
    [InlineData("--train 0.0001", "is no row")]
    [InlineData("--arms a,zebra", "--arms: there is no model zebra in the data set; its models are a, b.")]
    [InlineData("--seeds 0", "--seeds: 0 is not usable; it must be a whole number from 1 to 10000.")]
    [InlineData("--seeds 2.5", "--seeds: 2.5 is not usable")]
    [InlineData("--delay -1", "--delay: -1 is not usable")]
    [InlineData("--missing 1.1", "--missing: 1.1 is not usable; it must be a number from 0 to 1.")]
    [InlineData("--duplicates x", "--duplicates: x is not usable")]
    [InlineData("--order sorted", "--order: sorted is not usable; it must be one of shuffled, recorded.")]
    [InlineData("--features none", "--features: none is not usable; it must be one of all, no-task, language, structural, structural-language, bias.")]
    [InlineData("--limit 0", "--limit: 0 is not usable; it must be a whole number from 1 to 2147483647.")]
    [InlineData("--card-weight 0", "--card-weight: 0 is not usable; it must be a number from 1 to 200.")]
    [InlineData("--cards /nowhere.json", "--cards: there is no file /nowhere.json; own, shuffled or a file of cards by model is legal.")]
    [InlineData("--cards own --train 0.5", "--cards: it goes with cold starts")]
    [InlineData("--shadow-usd -1", "--shadow-usd: -1 is not usable; it must be a finite number of USD, at least 0.")]
    [InlineData("--shadow-usd 1 --shadow-wrong 2", "--shadow-wrong: 2 is not usable; it must be a number from 0 to 1.")]
    [InlineData("--shadow-usd 1 --shadow-rule clever", "--shadow-rule: clever is not usable; it must be one of gradient,")]
    [InlineData("--shadow-usd 1 --shards 2", "--shadow-usd: it needs --shards 1")]
    [InlineData("--shadow-beside 100", "--shadow-beside: it needs --shadow-usd above 0.")]
    [InlineData("--cascade auc=0.8 --delay 3", "--delay: --cascade ignores it; leave it out.")]
    [InlineData("--cascade auc=0.8 --missing 0.5 --html page.html", "--html: --cascade ignores it")]
    [InlineData("--batch --budget 1 --train test --corrections 0.5", "--corrections: --batch ignores it")]
    [InlineData("--guarantee reference=a --flipped 0.1", "--flipped: --guarantee ignores it")]
    [InlineData("--guarantee reference=a --duplicates 0.1", "--duplicates: --guarantee ignores it")]
    [InlineData("--guarantee reference=a --budget 1", "--budget: --guarantee ignores it")]
    [InlineData("--guarantee reference=a --scenario outage", "--scenario: --guarantee ignores it")]
    [InlineData("--unheard-of 1", "--unheard-of")]
    [InlineData("--data /nowhere/at/all", "--data: there is no directory /nowhere/at/all.")]
    public async Task Unusable_options_are_named_with_their_legal_range(string options, string message)
    {
        Write(GoodMeta, GoodRow, GoodRow.Replace("\"1\"", "\"2\"", StringComparison.Ordinal).Replace("\"test\"", "\"other\"", StringComparison.Ordinal));

        await AssertRefused(message, options.Split(' '));
    }

    [Theory]
    [InlineData("""{"query_id":"2","query_text":"t","score":[1],"cost_usd":[1,2]}""", "data.jsonl:2: \"score\" must be an array of 2 entries, one per model; found 1 entries.")]
    [InlineData("""{"query_id":"2","query_text":"t","score":[1,1,1],"cost_usd":[1,2]}""", "data.jsonl:2: \"score\" must be an array of 2 entries")]
    [InlineData("""{"query_id":"2","query_text":"t","score":[1,1],"cost_usd":[1,2],"latency_s":[1]}""", "data.jsonl:2: \"latency_s\" must be an array of 2 entries")]
    [InlineData("""{"query_id":"2","query_text":"t","score":[1,null],"cost_usd":[1,2]}""", "data.jsonl:2: \"score\" of b is not recorded")]
    [InlineData("""{"query_id":"2","query_text":"t","score":[1,1],"cost_usd":[null,2]}""", "data.jsonl:2: \"cost_usd\" of a is not recorded")]
    [InlineData("""{"query_id":"2","query_text":"t","score":[1,1]}""", "data.jsonl:2: \"cost_usd\" of a is not recorded")]
    [InlineData("""{"query_id":"2","query_text":"t","score":[1,1.5],"cost_usd":[1,2]}""", "data.jsonl:2: \"score\" of b is 1.5; it must be a number from 0 to 1")]
    [InlineData("""{"query_id":"2","query_text":"t","score":[1,1],"cost_usd":[1,-2]}""", "data.jsonl:2: \"cost_usd\" of b is -2; it must be a finite number of at least 0")]
    [InlineData("""{"query_id":"2","query_text":"t","score":[1,1],"cost_usd":[1,1e999]}""", "data.jsonl:2: \"cost_usd\" of b is 1e999")]
    [InlineData("""{"query_id":"2","query_text":"t","score":[1,"1"],"cost_usd":[1,2]}""", "data.jsonl:2: \"score\" of b is \"1\"")]
    [InlineData("""{"query_id":"1","query_text":"t","score":[1,1],"cost_usd":[1,2]}""", "data.jsonl:2: the query id 1 was used before, on line 1")]
    [InlineData("""{"query_text":"t","score":[1,1],"cost_usd":[1,2]}""", "data.jsonl:2: \"query_id\" must be a non-empty string.")]
    [InlineData("""{"query_id":"2","score":[1,1],"cost_usd":[1,2]}""", "data.jsonl:2: \"query_text\" must be a string.")]
    [InlineData("""{"query_id":"2","query_text":7,"score":[1,1],"cost_usd":[1,2]}""", "data.jsonl:2: \"query_text\" must be a string, not 7.")]
    [InlineData("""{"query_id":"2","query_text":"t","score":[1,1],"cost""", "data.jsonl:2: not valid JSON")]
    [InlineData("[]", "data.jsonl:2: a row must be a JSON object, not Array.")]
    [InlineData("", "data.jsonl:2: not valid JSON")]
    public async Task Malformed_lines_are_named_by_file_and_number(string line, string message)
    {
        Write(GoodMeta, GoodRow, line);

        await AssertRefused(message);
    }

    [Theory]
    [InlineData("{", "meta.json:1: not valid JSON")]
    [InlineData("{}", "meta.json: \"models\" must be an array")]
    [InlineData("""{"models":[]}""", "meta.json: \"models\" must be an array")]
    [InlineData("""{"models":["a","a"]}""", "meta.json: \"models\" names a model twice.")]
    [InlineData("""{"models":["a","b"],"model_prices_usd_per_million":{"a":[1]}}""", "meta.json: \"model_prices_usd_per_million\" of a is [1]")]
    [InlineData("""{"models":["a","b"],"model_prices_usd_per_million":{"a":[1,-1]}}""", "meta.json: \"model_prices_usd_per_million\" of a is [1,-1]")]
    [InlineData("""{"models":["a","b"],"model_prices_usd_per_million":3}""", "meta.json: \"model_prices_usd_per_million\" must be null or an object")]
    public async Task A_description_that_does_not_fit_is_named(string meta, string message)
    {
        Write(meta, GoodRow);

        await AssertRefused(message);
    }

    [Fact]
    public async Task Missing_files_are_named()
    {
        await AssertRefused("meta.json: there is no such file");
        await File.WriteAllTextAsync(_directory.File("meta.json"), GoodMeta);
        await AssertRefused("data.jsonl: there is no such file");
        await File.WriteAllTextAsync(_directory.File("data.jsonl"), string.Empty);
        await AssertRefused("data.jsonl: the file has no rows.");
    }

    [Fact]
    public async Task Required_options_are_required()
    {
        var run = await CliRun.Of(null, "replay");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--data", run.Error, StringComparison.Ordinal);
        Assert.Contains("--json", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_report_that_cannot_be_written_is_refused_before_the_work()
    {
        Write(GoodMeta, GoodRow);

        var run = await CliRun.Of(null, "replay", "--data", _directory.Path, "--policy", "random", "--json", _directory.File("no/such/out.json"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--json: there is no directory", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_unusable_options_are_reported_together()
    {
        var run = await CliRun.Of(null, "replay", "--data", "d", "--policy", "random", "--json", "f", "--seeds", "0", "--missing", "2", "--limit", "x");

        Assert.Equal(2, run.ExitCode);
        Assert.Equal(3, run.Error.TrimEnd().Split('\n').Length);
    }

    [Fact]
    public async Task What_a_tenant_may_not_have_is_refused_before_any_work()
    {
        var models = Enumerable.Range(0, 65).Select(i => $"m{i}").ToArray();
        SyntheticData.WriteMeta(_directory.Path, models);
        SyntheticData.WriteRows(_directory.Path, [SyntheticData.Row("1", new double[65], new double[65])]);

        await AssertRefused("Arms has 65 entries; 1 to 64 are needed.");
    }

    [Fact]
    public async Task Unknown_verbs_are_refused() => Assert.Equal(2, (await CliRun.Of(null, "replicate")).ExitCode);

    private void Write(string meta, params string[] lines)
    {
        File.WriteAllText(_directory.File("meta.json"), meta);
        SyntheticData.WriteRows(_directory.Path, lines);
    }

    private async Task AssertRefused(string message, params string[] options)
    {
        var file = _directory.File("out.json");
        await File.WriteAllTextAsync(file, "untouched");
        List<string> arguments = ["replay", .. options];
        foreach (var (name, value) in new[] { ("--data", _directory.Path), ("--policy", "random"), ("--json", file), ("--features", "structural") })
        {
            if (!arguments.Contains(name))
            {
                arguments.AddRange([name, value]);
            }
        }

        var run = await CliRun.Of(null, [.. arguments]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Output);
        Assert.Equal("untouched", await File.ReadAllTextAsync(file));
    }
}
