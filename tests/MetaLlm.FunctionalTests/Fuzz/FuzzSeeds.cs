using System.Text;

namespace MetaLlm.FunctionalTests.Fuzz;

/// <summary>A sound request for every endpoint, to begin with. {id} stands for the id of a decision.</summary>
internal static class FuzzSeeds
{
    private const string Chat = """
        {"model":"auto","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"x"},{"type":"image_url","image_url":{"url":"u"}}]},{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]}],
        "stream":false,"n":1,"max_tokens":16,"max_completion_tokens":16,"user":"u-1","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{}}},"stream_options":{"include_usage":true},
        "metallm":{"task":"t","dial":{"quality":1,"cost":1,"latency":1},"max_cost_usd":1,"allow":["sim-nano"]},"metadata":{"a":{"b":1}}}
        """;

    private const string Feedback = """
        {"decision_id":"{id}","reward":1,"weight":0.5,"label":"l","comment":"c","idempotency_key":"k"}
        """;

    private const string Report = """
        {"items":[{"id":"chatcmpl-{id}","reward":0.5,"usage":{"prompt_tokens":1,"completion_tokens":1,"prompt_tokens_details":{"cached_tokens":1}},"cost_usd":0.1,"latency_ms":5},{"decision_id":"{id}","reward":null}]}
        """;

    private const string Line = """
        {"query":"q","task":"t","input_tokens":5,"outcomes":{"sim-nano":{"reward":1,"output_tokens":4,"latency_ms":3},"sim-lingo":{"reward":0,"cost_usd":0.1},"sim-coder":{"reward":0.5,"input_tokens":4,"cached_tokens":1,"output_tokens":4}}}
        """;

    private static readonly string[] Preferences =
        ["x-metallm-task: t", "x-metallm-quality: 1", "x-metallm-cost: 2", "x-metallm-latency: 0.5", "x-metallm-max-cost-usd: 1", "x-metallm-allow: sim-nano, sim-coder"];

    public static IReadOnlyList<FuzzRequest> All { get; } =
    [
        Post("chat", "/v1/chat/completions", Chat),
        Post("chat by headers", "/v1/chat/completions", """{"model":"auto","messages":[{"role":"user","content":"x"}]}""", Preferences),
        Post("stream", "/v1/chat/completions", """{"model":"sim-nano","stream":true,"messages":[{"role":"user","content":"x"}]}"""),
        Post("route", "/v1/route", Chat),
        Post("feedback", "/v1/feedback", Feedback),
        Post("feedback by header", "/v1/feedback", """[{"decision_id":"{id}","reward":0}]""", "Idempotency-Key: vote-77"),
        Post("report", "/v1/feedback", Report),
        Managed("warm start", "/v1/tenants/alpha/warm-start", string.Join('\n', Enumerable.Repeat(Line, 8))),
        Managed("quiz", "/v1/tenants/alpha/arms/sim-coder/quiz", Line),
        Get("decision", "/v1/decisions/{id}"),
        Get("policy", "/v1/policy"),
        Get("models", "/v1/models"),
        Get("model", "/v1/models/sim-nano"),
        Get("live", "/health/live"),
        Get("ready", "/health/ready"),
        Get("metrics", "/metrics"),
        Get("document", "/openapi/v1.json"),
        Get("root", "/"),
    ];

    private static FuzzRequest Get(string endpoint, string path) => new(endpoint, "GET", path, "HTTP/1.1", Headers(TestConfiguration.AlphaKey), []);

    private static FuzzRequest Post(string endpoint, string path, string body, params string[] headers) => new(
        endpoint, "POST", path, "HTTP/1.1", [.. Headers(TestConfiguration.AlphaKey), "Content-Type: application/json", .. headers], Encoding.UTF8.GetBytes(body));

    private static FuzzRequest Managed(string endpoint, string path, string body) => new(
        endpoint, "POST", path, "HTTP/1.1", [.. Headers(TestConfiguration.AdminKey), "Content-Type: application/x-ndjson"], Encoding.UTF8.GetBytes(body));

    private static string[] Headers(string key) => ["Host: localhost", $"Authorization: Bearer {key}"];
}
