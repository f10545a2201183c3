using System.Globalization;
using MetaLlm.Chaos.Cluster;
using MetaLlm.Chaos.Judging;

namespace MetaLlm.Chaos.Load;

/// <summary>
/// One tenant's application: asks, reads the answer plain or streamed, and says how good it was; repeats some of that, and changes its mind
/// about some. Like any client it sends again what came to nothing, to the next host, feedback under the same key.
/// </summary>
internal sealed class TenantClient(int seed, LoadBalancer balancer, TenantLedger ledger, LoadRecord record, CampaignClock clock)
{
    private const string ChatPath = "/v1/chat/completions";
    private const double StreamShare = 0.3;
    private const double RepeatShare = 0.1;
    private const double CorrectionShare = 0.1;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    private readonly Random _random = new(unchecked((seed * 1_000_003) + ledger.Tenant));
    private readonly string _key = TenantKeys.Key(ledger.Tenant);
    private int _turn = ledger.Tenant;

    /// <summary>Works until it is told to stop, and then ends what it has begun.</summary>
    /// <param name="pace">Time from one question to the next; late ones follow at once.</param>
    /// <param name="paused">Whether to begin nothing new.</param>
    /// <param name="stop">Begins nothing new.</param>
    /// <param name="abandon">Gives up what is under way as well.</param>
    public async Task RunAsync(TimeSpan pace, LoadGate paused, CancellationToken stop, CancellationToken abandon)
    {
        for (var number = 0; !stop.IsCancellationRequested; number++)
        {
            var began = clock.Now;
            using (await paused.EnterAsync(stop))
            {
                if (stop.IsCancellationRequested)
                {
                    return;
                }

                await AskAndJudgeAsync(number, abandon);
            }

            var rest = pace - (clock.Now - began);
            if (rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task AskAndJudgeAsync(int number, CancellationToken abandon)
    {
        var question = string.Create(CultureInfo.InvariantCulture, $"Question {ledger.Tenant}/{number}: what is {number % 97} times {number % 89}?");
        var stream = _random.NextDouble() < StreamShare;
        object chat = new { model = "auto", stream, messages = new[] { new { role = "user", content = question } } };
        var answer = await InsistAsync(ChatPath, chat, abandon);
        if (answer?.DecisionId is not { } decision)
        {
            return;
        }

        var feedback = new Feedback(decision, $"k{number.ToString(CultureInfo.InvariantCulture)}", _random.Next(101) / 100.0);
        await TellAsync(feedback, again: false, abandon);
        if (_random.NextDouble() < RepeatShare)
        {
            await TellAsync(feedback, again: true, abandon);
        }

        if (_random.NextDouble() < CorrectionShare)
        {
            await TellAsync(feedback with { Key = $"{feedback.Key}-corrected", Reward = 1 - feedback.Reward }, again: false, abandon);
        }
    }

    private async Task TellAsync(Feedback feedback, bool again, CancellationToken abandon)
    {
        var body = new { decision_id = feedback.Decision, reward = feedback.Reward, idempotency_key = feedback.Key };
        ledger.Sent(feedback);
        if (await InsistAsync("/v1/feedback", body, abandon) is not { } receipt)
        {
            return;
        }

        var status = receipt.Body.GetProperty("status").GetString();
        if (status is not ("accepted" or "duplicate") || (again && status != "duplicate"))
        {
            record.AddUnexpected($"{TenantKeys.Id(ledger.Tenant)}: feedback {feedback.Key} on {feedback.Decision}, {(again ? "repeated" : "new")}, was answered '{status}'.");
        }

        ledger.Acknowledged(feedback);
    }

    /// <summary>Sends a request until it is answered.</summary>
    /// <returns>Null when the answer was none that sending again would change, which is noted.</returns>
    private async Task<Attempt?> InsistAsync(string path, object body, CancellationToken abandon)
    {
        var start = clock.Now;
        for (var errors = 0; ; errors++)
        {
            var (began, backend) = (clock.Now, balancer.Pick(_turn++));
            var attempt = backend is null ? Attempt.NobodyReady : await GatewayClient.PostAsync(backend, _key, path, body, abandon);
            if (attempt.DecisionId is { } decision)
            {
                ledger.HandedOut(decision);
            }

            if (attempt.Code is null)
            {
                record.Add(Done(errors, backend!.Number));
                return attempt;
            }

            var host = backend?.Number ?? ClientError.NoHost;
            record.Add(new ClientError(began, clock.Now, ledger.Tenant, host, attempt.Label));
            if (!attempt.MayBeRepeated)
            {
                record.AddUnexpected($"{TenantKeys.Id(ledger.Tenant)}: {path} was answered {attempt.Label} by host {host}.");
                record.Add(Done(errors + 1, host));
                return null;
            }

            await Task.Delay(RetryPause, abandon);

            Operation Done(int failed, int by) => new(ledger.Tenant, path == ChatPath, start, began, clock.Now, failed, by);
        }
    }
}
