using System.Collections.Concurrent;
using MetaLlm.FunctionalTests.Durability;

namespace MetaLlm.FunctionalTests.Cluster;

/// <summary>Clients of all tenants that chat and post feedback through whatever gateways there are, and remember what they were told.</summary>
internal sealed class ClusterStorm(IReadOnlyList<string> keys, Func<IReadOnlyList<HostProcess>> gateways) : IDisposable
{
    private const int Workers = 4;

    private readonly CancellationTokenSource _enough = new();
    private readonly ConcurrentDictionary<string, int> _perTenant = new();
    private Task _running = Task.CompletedTask;

    /// <summary>Feedback that was acknowledged: decision, reward, key of the tenant; once each.</summary>
    public ConcurrentQueue<(string Key, string Decision, double Reward, string Idempotency)> Acknowledged { get; } = new();

    public void Start() => _running = Task.WhenAll(Enumerable.Range(0, Workers).Select(WorkAsync));

    /// <summary>Waits until every tenant has been served so many times more.</summary>
    public Task ProgressAsync(int more)
    {
        var goals = keys.ToDictionary(key => key, key => _perTenant.GetValueOrDefault(key) + more);
        return Eventually.TrueAsync(
            $"every tenant is served {more} times more",
            () =>
            {
                Assert.False(_running.IsCompleted, _running.Exception?.ToString());
                return goals.All(goal => _perTenant.GetValueOrDefault(goal.Key) >= goal.Value);
            },
            TimeSpan.FromSeconds(120));
    }

    public async Task StopAsync()
    {
        await _enough.CancelAsync();
        await _running;
    }

    public void Dispose() => _enough.Dispose();

    private async Task WorkAsync(int worker)
    {
        for (var i = 0; !_enough.IsCancellationRequested; i++)
        {
            var key = keys[(worker + (i * Workers)) % keys.Count];
            var (reward, idempotency) = (i % 11 / 10.0, $"{worker}-{i}");
            var chat = await SendAsync(worker + i, key, client => client.ChatAsync($"Question {worker}/{i}"));
            await SendAsync(worker + i + 1, key, client => client.PostAsync(
                "/v1/feedback", new { decision_id = chat.DecisionId, reward, idempotency_key = idempotency }));
            Acknowledged.Enqueue((key, chat.DecisionId, reward, idempotency));
            _perTenant.AddOrUpdate(key, 1, (_, count) => count + 1);
        }
    }

    private Task<Reply> SendAsync(int number, string key, Func<Client, Task<Reply>> send) => Patience.ServedAsync(attempt =>
    {
        var open = gateways();
        return send(open[(number + attempt) % open.Count].With(key));
    });
}
