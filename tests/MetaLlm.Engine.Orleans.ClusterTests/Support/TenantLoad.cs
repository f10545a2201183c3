using System.Collections.Concurrent;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Orleans.ClusterTests.Support;

/// <summary>
/// Callers that decide, settle and post feedback, over and over, through whatever doors are open. Told to come again, they do, as clients
/// of a 503 do; any other error of a process that lives fails the test. They remember what was acknowledged.
/// </summary>
internal sealed class TenantLoad(IReadOnlyList<string> tenants, Func<IReadOnlyList<Door>> doors)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, int> _perTenant = new();
    private readonly ConcurrentQueue<Exception> _unexpected = new();
    private volatile bool _enough;
    private Task _running = Task.CompletedTask;
    private int _refused;

    /// <summary>Every completed round: its decision and its reward, once each.</summary>
    public ConcurrentQueue<Round> Rounds { get; } = new();

    /// <summary>The tenants.</summary>
    public IReadOnlyList<string> Tenants { get; } = tenants;

    /// <summary>How often a caller was told to come again.</summary>
    public int Refused => Volatile.Read(ref _refused);

    /// <summary>Configures the tenants and sets the callers off.</summary>
    public async Task StartAsync(int callers, int? shards = null)
    {
        foreach (var tenant in Tenants)
        {
            await RepeatAsync(0, door => Completed(door.Engine.ConfigureAsync(tenant, TestTenants.Configuration((ulong)Tenants.Count) with { Shards = shards }, default)));
        }

        _running = Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller, callers))));
    }

    /// <summary>Waits until every tenant has completed so many rounds more.</summary>
    public Task ProgressAsync(int rounds)
    {
        var goals = Tenants.ToDictionary(tenant => tenant, tenant => _perTenant.GetValueOrDefault(tenant) + rounds);
        return Eventually.TrueAsync($"every tenant completes {rounds} rounds more", () =>
        {
            Assert.Empty(_unexpected);
            Assert.False(_running.IsFaulted, _running.Exception?.ToString());
            return goals.All(goal => _perTenant.GetValueOrDefault(goal.Key) >= goal.Value);
        });
    }

    /// <summary>Lets every caller complete its round, and no more.</summary>
    public async Task StopAsync()
    {
        _enough = true;
        await _running;
        Assert.Empty(_unexpected);
    }

    private async Task CallAsync(int caller, int callers)
    {
        for (var i = 0; !_enough; i++)
        {
            var tenant = Tenants[(caller + (i * callers)) % Tenants.Count];
            var key = $"{caller}-{i}";
            var reward = i % 5 / 4.0;
            var (decision, by) = await RepeatAsync(i + caller, async door => (await door.Engine.DecideAsync(tenant, TestTenants.Query(i), default), door.Name));
            await RepeatAsync(i + caller, door => Completed(door.Engine.SettleAsync(tenant, Settlement(decision), default)));
            var posts = i % 4 == 0 ? 2 : 1;
            for (var post = 0; post < posts; post++)
            {
                await RepeatAsync(i + caller + post, door => PostAsync(door, tenant, decision, reward, key));
            }

            Rounds.Enqueue(new Round(tenant, decision.DecisionId, decision.ChosenArm, reward, by));
            _perTenant.AddOrUpdate(tenant, 1, (_, count) => count + 1);
        }
    }

    private static async Task<bool> PostAsync(Door door, string tenant, DecisionRecord decision, double reward, string key)
    {
        var submission = new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = reward, IdempotencyKey = key };
        var receipt = Assert.Single(await door.Engine.SubmitFeedbackAsync(tenant, [submission], default));
        Assert.True(receipt.Status is FeedbackStatus.Accepted or FeedbackStatus.Duplicate, $"Feedback on an acknowledged decision is {receipt.Status}.");
        return true;
    }

    private static Settlement Settlement(DecisionRecord decision) => new()
    {
        DecisionId = decision.DecisionId,
        Outcome = CallOutcome.Completed,
        Usage = new TokenUsage(decision.InputTokens, 0, 10),
        LatencySeconds = 0.5,
    };

    private static async Task<bool> Completed(ValueTask call)
    {
        await call;
        return true;
    }

    private async Task<T> RepeatAsync<T>(int number, Func<Door, Task<T>> call)
    {
        using var limit = new CancellationTokenSource(Patience);
        for (var attempt = number; ; attempt++)
        {
            var open = doors();
            var door = open[attempt % open.Count];
            try
            {
                return await call(door).WaitAsync(limit.Token);
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException && !limit.IsCancellationRequested)
            {
                if (error is EngineUnavailableException or FencedException)
                {
                    Interlocked.Increment(ref _refused);
                }
                else if (door.IsOpen)
                {
                    _unexpected.Enqueue(error);
                }

                await Task.Delay(20, limit.Token);
            }
        }
    }
}
