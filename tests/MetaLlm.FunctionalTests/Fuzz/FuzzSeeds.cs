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

    private const string Message = """
        {"model":"auto","max_tokens":16,"system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral"}}],"stop_sequences":["!"],"metadata":{"user_id":"u"},"service_tier":"auto","top_k":3,"temperature":1,
        "messages":[{"role":"user","content":[{"type":"text","text":"x"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"aW1n"}},{"type":"document","title":"t","context":"c","source":{"type":"text","media_type":"text/plain","data":"d"}}]},
        {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"s"},{"type":"redacted_thinking","data":"d"},{"type":"text","text":"I call."},{"type":"tool_use","id":"t1","name":"f","input":{"a":1}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","is_error":true,"content":[{"type":"text","text":"no"}]},{"type":"text","text":"Go on."}]}],
        "tools":[{"name":"f","description":"d","input_schema":{"type":"object"}}],"tool_choice":{"type":"auto","disable_parallel_tool_use":true},"thinking":{"type":"enabled","budget_tokens":1024},"output_config":{"effort":"low","format":{"type":"json_schema","schema":{}}},"metallm":{"task":"t"}}
        """;

    private const string Response = """
        {"model":"auto","instructions":"Be brief.","max_output_tokens":16,"metadata":{"a":"b"},"store":true,"include":["reasoning.encrypted_content"],"truncation":"disabled","user":"u",
        "input":[{"role":"user","content":[{"type":"input_text","text":"x"},{"type":"input_image","image_url":"u","detail":"low"},{"type":"input_file","filename":"f","file_data":"d"},{"type":"input_audio","input_audio":{"data":"d","format":"wav"}}]},
        {"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"s"}],"encrypted_content":"metallm.reasoning.1.W3sidHlwZSI6InJlYXNvbmluZy50ZXh0IiwidGV4dCI6InQifV0="},{"type":"message","role":"assistant","content":[{"type":"output_text","text":"o"},{"type":"refusal","refusal":"r"}]},
        {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},{"type":"function_call_output","call_id":"c","output":"o"}],
        "tools":[{"type":"function","name":"f","parameters":{"type":"object"},"strict":false}],"tool_choice":"auto","text":{"format":{"type":"json_schema","name":"n","schema":{}},"verbosity":"low"},"reasoning":{"effort":"low","summary":"auto"},"metallm":{"task":"t"}}
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
        Post("message", "/v1/messages", Message, "anthropic-version: 2023-06-01"),
        Post("message stream", "/v1/messages", """{"model":"sim-nano","max_tokens":16,"stream":true,"messages":[{"role":"user","content":"x"}]}"""),
        Post("count", "/v1/messages/count_tokens", Message),
        Post("response", "/v1/responses", Response),
        Post("response stream", "/v1/responses", """{"model":"sim-nano","stream":true,"store":false,"input":"x"}"""),
        Post("conversation", "/v1/conversations", """{"items":[{"role":"user","content":"x"}],"metadata":{"a":"b"}}"""),
        Get("items of a conversation", "/v1/conversations/conv_{id}/items?limit=5&order=asc&after=a"),
        Get("kept response", "/v1/responses/resp_{id}"),
        Get("input items", "/v1/responses/resp_{id}/input_items?limit=5&order=asc&after=a"),
        Get("models of Anthropic", "/v1/models?limit=2&after_id=auto", "anthropic-version: 2023-06-01"),
        Post("route", "/v1/route", Chat),
        Post("assess", "/v1/assess", $$"""{"requests":[{{Chat}}]}"""),
        Post("feedback", "/v1/feedback", Feedback),
        Post("feedback by header", "/v1/feedback", """[{"decision_id":"{id}","reward":0}]""", "Idempotency-Key: vote-77"),
        Post("report", "/v1/feedback", Report),
        Managed("warm start", "/v1/tenants/alpha/warm-start", string.Join('\n', Enumerable.Repeat(Line, 8))),
        Managed("quiz", "/v1/tenants/alpha/arms/sim-coder/quiz", Line),
        Get("decision", "/v1/decisions/{id}"),
        Get("policy", "/v1/policy"),
        Get("requests", "/v1/requests?limit=2&from=2026-01-01&to=2030-01-01&after=1.{id}"),
        Get("request", "/v1/requests/{id}"),
        Get("models", "/v1/models"),
        Get("model", "/v1/models/sim-nano"),
        Get("live", "/health/live"),
        Get("ready", "/health/ready"),
        Get("metrics", "/metrics"),
        Get("document", "/openapi/v1.json"),
        Get("root", "/"),
    ];

    private static FuzzRequest Get(string endpoint, string path, params string[] headers) => new(endpoint, "GET", path, "HTTP/1.1", [.. Headers(TestConfiguration.AlphaKey), .. headers], []);

    private static FuzzRequest Post(string endpoint, string path, string body, params string[] headers) => new(
        endpoint, "POST", path, "HTTP/1.1", [.. Headers(TestConfiguration.AlphaKey), "Content-Type: application/json", .. headers], Encoding.UTF8.GetBytes(body));

    private static FuzzRequest Managed(string endpoint, string path, string body) => new(
        endpoint, "POST", path, "HTTP/1.1", [.. Headers(TestConfiguration.AdminKey), "Content-Type: application/x-ndjson"], Encoding.UTF8.GetBytes(body));

    private static string[] Headers(string key) => ["Host: localhost", $"Authorization: Bearer {key}"];
}
