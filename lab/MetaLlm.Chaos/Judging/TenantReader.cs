using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using MetaLlm.Chaos.Cluster;
using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Judging;

/// <summary>Asks gateways what they hold of a tenant, when nothing is under way.</summary>
internal sealed class TenantReader(IReadOnlyList<Backend> backends)
{
    private const int Parallel = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RewardPatience = TimeSpan.FromSeconds(20);

    /// <summary>Asks for everything that was promised. Owners learn in their own time: rewards are waited for.</summary>
    /// <exception cref="TimeoutException">A host gives no answer.</exception>
    public async Task<StoredTenant> ReadAsync(TenantPromises promised, CancellationToken cancellationToken)
    {
        var decisions = new ConcurrentDictionary<string, StoredDecision>(StringComparer.Ordinal);
        var key = TenantKeys.Key(promised.Tenant);
        await System.Threading.Tasks.Parallel.ForEachAsync(
            promised.Decisions.Select((decision, i) => (decision.Id, Backend: backends[i % backends.Count])),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (item, stop) => decisions[item.Id] = Decision(await GetAsync(item.Backend, key, $"/v1/decisions/{item.Id}", stop)));

        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var hashes = new Dictionary<string, string?>(StringComparer.Ordinal);
            var policy = default(JsonElement);
            foreach (var backend in backends)
            {
                policy = (await GetAsync(backend, key, "/v1/policy", cancellationToken)).Body;
                hashes[$"host {backend.Number.ToString(CultureInfo.InvariantCulture)}"] = policy.GetProperty("state_hash").GetString();
            }

            var arms = policy.GetProperty("arms").EnumerateArray().Select(arm => (Rewards: arm.GetProperty("rewards").GetInt64(), Mean: Number(arm, "mean_reward") ?? 0)).ToList();
            var stored = new StoredTenant(
                decisions, policy.GetProperty("rewards_applied").GetInt64(), arms.Sum(arm => arm.Rewards * arm.Mean), arms.Sum(arm => arm.Rewards), hashes);
            if ((stored.RewardsApplied >= promised.Feedback && hashes.Values.Distinct(StringComparer.Ordinal).Count() == 1)
                || TimeProvider.System.GetElapsedTime(began) > RewardPatience)
            {
                return stored;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    private static StoredDecision Decision(Attempt attempt) => attempt.Code is not null
        ? default
        : new StoredDecision(true, attempt.Body.GetProperty("feedback_count").GetInt32(), Number(attempt.Body, "reward"));

    private static double? Number(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    private static async Task<Attempt> GetAsync(Backend backend, string key, string path, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var attempt = await GatewayClient.GetAsync(backend, key, path, cancellationToken);
            if (attempt.Code is null || attempt.Status == 404)
            {
                return attempt;
            }

            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"Host {backend.Number} did not answer {path} in {Patience.TotalSeconds} s; the last answer was {attempt.Label}.");
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }
}
