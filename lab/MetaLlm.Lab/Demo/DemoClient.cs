using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Simulator.Checking;
using MetaLlm.Simulator.Models;
using MetaLlm.Simulator.Tasks;

namespace MetaLlm.Lab.Demo;

/// <summary>An application that uses the gateway as any other would: over HTTP, with an API key.</summary>
internal sealed class DemoClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly ModelRegistry _prices;
    private readonly bool _tagged;

    public DemoClient(Uri gateway, string apiKey, ModelRegistry prices, bool tagged)
    {
        _http = new HttpClient { BaseAddress = gateway, Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", apiKey);
        _prices = prices;
        _tagged = tagged;
    }

    /// <summary>Asks one query and checks the answer.</summary>
    public async Task<DemoAnswer> AskAsync(SimTask task, Func<int> nextNumber, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["model"] = "auto",
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = task.Prompt }),
        };
        if (_tagged)
        {
            body["metallm"] = new JsonObject { ["task"] = task.Type.ToString() };
        }

        using var response = await _http.PostAsJsonAsync("v1/chat/completions", body, cancellationToken);
        var answer = await ReadAsync(response, cancellationToken);
        var model = response.Headers.GetValues("x-metallm-model").Single();
        var usage = answer["usage"]!;
        var tokens = new TokenUsage(
            usage["prompt_tokens"]!.GetValue<int>(),
            usage["prompt_tokens_details"]?["cached_tokens"]?.GetValue<int>() ?? 0,
            usage["completion_tokens"]!.GetValue<int>());
        return new DemoAnswer(
            nextNumber(),
            task,
            response.Headers.GetValues("x-metallm-decision-id").Single(),
            model,
            AnswerChecker.IsCorrect(task, answer["choices"]![0]!["message"]!["content"]!.GetValue<string>()),
            (double)_prices.Current(model).Price.CostOf(tokens));
    }

    /// <summary>Posts feedback and returns what became of each item, in order.</summary>
    public async Task<IReadOnlyList<string>> PostFeedbackAsync(IReadOnlyList<DemoAnswer> answers, CancellationToken cancellationToken)
    {
        var items = answers.Select(a => new JsonObject
        {
            ["decision_id"] = a.DecisionId,
            ["reward"] = a.Correct ? 1 : 0,
            ["idempotency_key"] = "check-" + a.DecisionId,
        });
        using var response = await _http.PostAsJsonAsync("v1/feedback", new JsonObject { ["items"] = new JsonArray([.. items]) }, cancellationToken);
        var receipts = await ReadAsync(response, cancellationToken);
        return [.. receipts["data"]!.AsArray().Select(i => i!["status"]!.GetValue<string>())];
    }

    /// <summary>How many rewards the tenant's policy has applied.</summary>
    public async Task<long> RewardsAppliedAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync("v1/policy", cancellationToken);
        return (await ReadAsync(response, cancellationToken))["rewards_applied"]!.GetValue<long>();
    }

    /// <summary>How many verdicts the tenant's judge has given, and what they have cost.</summary>
    public async Task<(long Verdicts, double SpendUsd)> JudgedAsync(CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync("v1/judges", cancellationToken);
        var judges = await ReadAsync(response, cancellationToken);
        return (judges["judges"]!.AsArray().Sum(judge => judge!["verdicts"]!.GetValue<long>()), judges["spend_usd"]!.GetValue<double>());
    }

    public void Dispose() => _http.Dispose();

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{response.RequestMessage?.RequestUri?.AbsolutePath} answered {(int)response.StatusCode}: {text}");
        }

        return JsonNode.Parse(text) ?? throw new JsonException("The gateway answered with JSON null.");
    }
}
