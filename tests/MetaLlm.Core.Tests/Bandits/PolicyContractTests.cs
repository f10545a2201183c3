using MetaLlm.Core.Bandits;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits;

/// <summary>What every policy of the registry must keep to; a policy added later is covered by being registered.</summary>
public sealed class PolicyContractTests
{
    private static readonly ContextBlocks Blocks = new(1, 3, 3, 3);

    /// <summary>Yardsticks that explore or choose without regard to money, by definition.</summary>
    private static readonly string[] Unpaced = ["random", "epsilon-greedy"];

    public static TheoryData<string> Policies => World.Policies;

    public static TheoryData<string> Paced => [.. PolicyRegistry.All.Select(p => p.Name).Except(Unpaced)];

    /// <summary>All but the yardsticks, which docs/math/README.md lists.</summary>
    public static TheoryData<string> Documented =>
        [.. PolicyRegistry.All.Select(p => p.Name).Except(["epsilon-greedy", "static-mix", "best-single", "cheapest", "random"])];

    /// <summary>Policies whose correction equals having had the new reward from the start.</summary>
    public static TheoryData<string> ExactCorrections =>
    [
        "linucb", "metallm-2024", "lin-ts", "squarecb", "epsilon-greedy", "mixllm", "pilot", "knn", "kmeans", "beta-thompson", "track-and-stop",
        "static-mix", "best-single",
    ];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Every_option_is_documented_and_refused_outside_its_range(string name)
    {
        var descriptor = PolicyRegistry.Find(name)!;
        Assert.False(string.IsNullOrWhiteSpace(descriptor.Summary));
        foreach (var option in descriptor.Options)
        {
            Assert.False(string.IsNullOrWhiteSpace(option.Description));
            Assert.InRange(option.Default, option.Minimum, option.Maximum);
            foreach (var bad in new[] { option.Minimum - 1e-9 - Math.Abs(option.Minimum), (option.Maximum + 1) * 2, double.NaN })
            {
                var error = Assert.Single(TenantConfigurationValidator.Validate(new()
                {
                    Arms = [Log.Arm("a", 1)],
                    Policy = name,
                    PolicyOptions = new Dictionary<string, double> { [option.Name] = bad },
                }));
                Assert.Equal($"PolicyOptions.{option.Name}", error.Field);
                Assert.Contains("it must be", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Options_at_either_end_of_their_ranges_work(string name)
    {
        foreach (var option in PolicyRegistry.Find(name)!.Options)
        {
            foreach (var value in new[] { option.Minimum, Math.Min(option.Maximum, 1e6) })
            {
                var driver = Trained(name, 3, 30, new() { [option.Name] = value });
                var scores = driver.Decide(Context(9), lambda: 3);
                Assert.True(Math.Abs(scores.Propensity.Sum() - 1) < 1e-9, $"{option.Name} = {value}: propensities sum to {scores.Propensity.Sum()}");
                Assert.All(scores.Quality, q => Assert.True(double.IsFinite(q), $"{option.Name} = {value}: quality {q}"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_reward_that_is_no_number_is_refused_and_changes_nothing(string name)
    {
        var driver = Trained(name, 3, 20);
        var before = driver.Save();
        Assert.Throws<ArgumentException>(() => driver.Reward(1, Context(2), double.NaN));
        Assert.Throws<ArgumentException>(() => driver.Reward(1, new float[2], 0.5));
        Assert.Equal(before, driver.Save());
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Reading_what_was_written_gives_the_same_bytes_and_decisions(string name)
    {
        var driver = Trained(name, 4, 70);
        var bytes = driver.Save();
        var scores = driver.Decide(Context(500), lambda: 2);
        driver.Reload(Arms(4));
        Assert.Equal(bytes, driver.Save());
        Assert.Equivalent(scores, driver.Decide(Context(500), lambda: 2), strict: true);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Bytes_of_another_number_of_arms_are_refused(string name)
    {
        var driver = Trained(name, 4, 10);
        Assert.Throws<InvalidDataException>(() => driver.Reload(Arms(3)));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void The_order_of_arms_does_not_matter(string name)
    {
        int[] order = [2, 0, 3, 1];
        var straight = Trained(name, 4, 80);
        var permuted = new PolicyDriver(name, Blocks, 4);
        permuted.SetArms([.. order.Select(PolicyDriver.Arm)]);
        Train(permuted, 4, 80, arm => Array.IndexOf(order, arm));
        for (ulong i = 0; i < 10; i++)
        {
            var one = straight.Decide(Context(900 + i), lambda: 2);
            var two = permuted.Decide(Context(900 + i), lambda: 2);
            for (var a = 0; a < 4; a++)
            {
                Assert.Equal(one.Quality[order[a]], two.Quality[a], 1e-9);
                Assert.Equal(one.Propensity[order[a]], two.Propensity[a], 1e-6);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void What_is_known_of_arms_outlives_the_removal_of_others(string name)
    {
        var driver = Trained(name, 4, 80);
        var before = driver.Decide(Context(77), lambda: 2);
        driver.SetArms([PolicyDriver.Arm(3), PolicyDriver.Arm(1), PolicyDriver.Arm(7)]);
        var after = driver.Decide(Context(77), lambda: 2);
        Assert.Equal(before.CostUsd[3], after.CostUsd[0], 1e-12);

        // Votes of the feedback network and pooled slopes aside, an arm's own estimate stays.
        Assert.Equal(before.Quality[3], after.Quality[0], 1e-9);
        Assert.Equal(before.Quality[1], after.Quality[1], 1e-9);
        Assert.Equal(1, after.Propensity.Sum(), 1e-9);
        Train(driver, 3, 20, arm => arm);
        Assert.Equal(1, driver.Decide(Context(78)).Propensity.Sum(), 1e-9);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_single_feasible_arm_is_chosen_for_certain(string name)
    {
        foreach (var rewards in new[] { 0, 60 })
        {
            var scores = Trained(name, 3, rewards).Decide(Context(5), lambda: 4, feasible: [false, true, false]);
            Assert.Equal([0.0, 1.0, 0.0], scores.Propensity);
            Assert.Equal(1, scores.Greedy);
        }
    }

    [Theory]
    [MemberData(nameof(ExactCorrections))]
    public void A_corrected_reward_counts_as_if_it_had_come_first(string name)
    {
        var corrected = Trained(name, 3, 0);
        var straight = Trained(name, 3, 0);
        for (ulong i = 0; i < 40; i++)
        {
            var first = i == 7 ? 0.1 : 0.25 * (i % 4);
            corrected.Reward((int)(i % 3), Context(i), first);
            straight.Reward((int)(i % 3), Context(i), i == 7 ? 0.9 : first);
        }

        corrected.Reward(7 % 3, Context(7), 0.4, previous: 0.1);
        corrected.Reward(7 % 3, Context(7), 0.9, previous: 0.4);
        var (one, two) = (corrected.Decide(Context(99)), straight.Decide(Context(99)));
        Assert.All(one.Quality.Zip(two.Quality), p => Assert.Equal(p.Second, p.First, 1e-9));
    }

    [Theory]
    [MemberData(nameof(Paced))]
    public void A_budget_is_kept(string name)
    {
        const double budget = 0.003;
        var world = new World(9, [0.0005, 0.003, 0.012]);
        var log = new Log(world.Configuration(name, budget));
        world.Play(log, 0, 2000);
        Assert.InRange(log.State.Report().SpendUsd / 2000, 0, 1.05 * budget);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void State_stops_growing(string name)
    {
        var bounds = PolicyRegistry.Find(name)!.Options.Where(o => o.Name is "memory" or "buffer").ToDictionary(o => o.Name, _ => 64.0);
        var driver = Trained(name, 3, 150, bounds);
        var size = driver.Save().Length;
        Train(driver, 3, 300, arm => arm);
        Assert.Equal(size, driver.Save().Length);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Rewards_that_come_late_and_in_another_order_are_learned_from_all_the_same(string name)
    {
        var driver = Trained(name, 3, 0);
        for (ulong i = 0; i < 60; i++)
        {
            driver.Choose((int)(i % 3));
            driver.Settle((int)(i % 3), Context(i));
        }

        for (ulong i = 60; i-- > 0;)
        {
            driver.Reward((int)(i % 3), Context(i), i % 3 == 1 ? 0.9 : 0.2);
        }

        var scores = driver.Decide(Context(700));
        Assert.Equal([20L, 20, 20], Enumerable.Range(0, 3).Select(a => driver.Policy.Describe(a).Rewards));
        Assert.Equal(1, scores.Propensity.Sum(), 1e-9);
        Assert.All(scores.Quality, q => Assert.True(double.IsFinite(q)));
        Assert.True(scores.Quality[1] > Math.Max(scores.Quality[0], scores.Quality[2]), $"{name}: qualities {string.Join(", ", scores.Quality)}");
    }

    [Theory]
    [MemberData(nameof(Documented))]
    public void Every_policy_has_a_page_of_its_own(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MetaLlmOrleans.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("No parent folder holds MetaLlmOrleans.sln.");
        }

        var page = File.ReadAllText(Path.Combine(folder.FullName, "docs", "math", name + ".md"));
        Assert.StartsWith($"# `{name}`", page, StringComparison.Ordinal);
        Assert.Contains("## Where it fails", page, StringComparison.Ordinal);
    }

    private static PolicyDriver Trained(string name, int arms, int rewards, Dictionary<string, double>? options = null)
    {
        var driver = new PolicyDriver(name, Blocks, arms, options);
        Train(driver, arms, rewards, arm => arm);
        return driver;
    }

    private static void Train(PolicyDriver driver, int arms, int rewards, Func<int, int> index)
    {
        for (var i = 0; i < rewards; i++)
        {
            var arm = (int)(CounterRandom.Bits(6, (ulong)i) % (ulong)arms);
            var x = Context((ulong)i);
            driver.Choose(index(arm));
            driver.Settle(index(arm), x, 0.0004 * (arm + 1));
            driver.Reward(index(arm), x, Math.Round(CounterRandom.Uniform(7, (ulong)i), 2));
        }
    }

    private static Core.Arms.Arm[] Arms(int count) => [.. Enumerable.Range(0, count).Select(PolicyDriver.Arm)];

    // Some queries carry a task tag, some carry none.
    private static float[] Context(ulong key)
    {
        var x = PolicyDriver.Context(Blocks.Dimension, key);
        for (var j = 0; j < Blocks.Task; j++)
        {
            x[1 + Blocks.Structural + j] = key % 4 == (ulong)j ? 1 : 0;
        }

        return x;
    }
}
