using System.Collections.Concurrent;

namespace MetaLlm.FunctionalTests.Durability;

/// <summary>Clients on several connections that decide, chat and post feedback until the host is gone, and remember what they were told.</summary>
internal sealed class FeedbackStorm(Client client, int seed)
{
    private const int Connections = 4;
    private int _acknowledged;

    /// <summary>Every decision id that a client saw, with the arm it was told.</summary>
    public ConcurrentDictionary<string, string> Seen { get; } = new();

    /// <summary>Every feedback that was posted, by its key; the value tells whether it was acknowledged.</summary>
    public ConcurrentDictionary<string, (string Decision, double Reward, bool Acknowledged)> Posted { get; } = new();

    /// <summary>Runs until the host stops answering.</summary>
    /// <param name="enough">Acknowledgements after which <paramref name="strike"/> is called, once, while the posting goes on.</param>
    /// <param name="strike">Kills the host.</param>
    public async Task RunAsync(int enough, Func<Task> strike)
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var workers = Enumerable.Range(0, Connections).Select(w => WorkAsync(w, enough, reached)).ToList();
        var first = await Task.WhenAny(reached.Task, Task.WhenAll(workers));
        Assert.True(first == reached.Task, "The host was gone before it was killed.");
        await strike();
        await Task.WhenAll(workers);
    }

    public static double RewardOf(string key) => (uint)string.GetHashCode(key, StringComparison.Ordinal) % 101 / 100.0;

    private async Task WorkAsync(int worker, int enough, TaskCompletionSource reached)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                var text = $"Query {seed}/{worker}/{i}";
                var reply = i % 4 == 0
                    ? (await client.ChatAsync(text)).Ok()
                    : (await client.PostAsync("/v1/route", Client.Chat(text))).Ok();
                Assert.True(Seen.TryAdd(reply.DecisionId, reply.Model), $"Decision {reply.DecisionId} was handed out twice.");
                await PostAsync(reply.DecisionId, $"{worker}-{i}");
                if (Interlocked.Increment(ref _acknowledged) == enough)
                {
                    reached.SetResult();
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TaskCanceledException)
        {
            // The host is gone, which is what was waited for.
        }
    }

    private async Task PostAsync(string decision, string key)
    {
        var reward = RewardOf(key);
        Posted[key] = (decision, reward, false);
        (await client.PostAsync("/v1/feedback", new { decision_id = decision, reward, idempotency_key = key })).Ok();
        Posted[key] = (decision, reward, true);
    }
}
