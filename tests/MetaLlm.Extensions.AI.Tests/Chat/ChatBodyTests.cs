using System.Text;
using System.Text.Json.Nodes;
using MetaLlm.Extensions.AI.Chat;

namespace MetaLlm.Extensions.AI.Tests.Chat;

public sealed class ChatBodyTests
{
    [Fact]
    public void A_question_asks_for_any_model() => Equal("""{"model":"auto","messages":[{"role":"user","content":"Hello"}]}""", [new(ChatRole.User, "Hello")]);

    [Fact]
    public void A_stream_asks_for_the_count_of_tokens() =>
        Equal("""{"model":"auto","messages":[{"role":"user","content":"Hello"}],"stream":true,"stream_options":{"include_usage":true}}""", [new(ChatRole.User, "Hello")], stream: true);

    [Fact]
    public void Every_option_has_a_member() => Equal(
        """
        {"model":"large","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hello"}],
         "temperature":0.5,"top_p":0.25,"top_k":8,"frequency_penalty":0.125,"presence_penalty":-0.5,"seed":7,"max_completion_tokens":100,"stop":["END","STOP"],
         "reasoning_effort":"high","user":"u-1"}
        """,
        [new(ChatRole.User, "Hello")],
        new ChatOptions
        {
            ModelId = "large", Instructions = "Be brief.", Temperature = 0.5f, TopP = 0.25f, TopK = 8, FrequencyPenalty = 0.125f, PresencePenalty = -0.5f, Seed = 7, MaxOutputTokens = 100,
            StopSequences = ["END", "STOP"], Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High }, AdditionalProperties = new() { ["user"] = "u-1", ["nothing"] = null },
        });

    [Fact]
    public void Functions_and_their_choice_are_written()
    {
        var weather = AIFunctionFactory.Create((string city) => city, "weather", "Tells the weather.");
        var body = Write([new(ChatRole.User, "Hello")], new ChatOptions { Tools = [weather], ToolMode = ChatToolMode.RequireSpecific("weather"), AllowMultipleToolCalls = false });
        var function = body["tools"]![0]!["function"]!;
        Assert.Equal("weather", (string)function["name"]!);
        Assert.Equal("Tells the weather.", (string)function["description"]!);
        Assert.Equal("string", (string)function["parameters"]!["properties"]!["city"]!["type"]!);
        Assert.Equal("""{"type":"function","function":{"name":"weather"}}""", body["tool_choice"]!.ToJsonString());
        Assert.False((bool)body["parallel_tool_calls"]!);
    }

    [Fact]
    public void A_form_of_the_answer_is_written()
    {
        var body = Write([new(ChatRole.User, "Hello")], new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema<City>(), AdditionalProperties = new() { ["strictJsonSchema"] = true } });
        var form = body["response_format"]!;
        Assert.Equal("json_schema", (string)form["type"]!);
        Assert.Equal("City", (string)form["json_schema"]!["name"]!);
        Assert.True((bool)form["json_schema"]!["strict"]!);
        Assert.NotNull(form["json_schema"]!["schema"]!["properties"]!.AsObject().FirstOrDefault(member => member.Key.Equals("name", StringComparison.OrdinalIgnoreCase)).Value);
        Assert.Null(body["strictJsonSchema"]);
    }

    [Fact]
    public void Wishes_of_routing_are_written() => Equal(
        """
        {"model":"auto","messages":[{"role":"user","content":"Hello"}],
         "metallm":{"task":"chat","session":"s-1","max_cost_usd":0.01,"allow":["small"],"dial":{"quality":2,"cost":1,"latency":0}}}
        """,
        [new(ChatRole.User, "Hello")],
        new ChatOptions().WithRouting(new RoutingWishes { Task = "chat", Session = "s-1", MaxCostUsd = 0.01, Allow = ["small"], Quality = 2, Cost = 1, Latency = 0 }));

    [Fact]
    public void Calls_and_results_of_functions_are_written_as_messages_of_their_own() => Equal(
        """
        {"model":"auto","messages":[
          {"role":"assistant","content":null,"tool_calls":[{"id":"a","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Bonn\"}"}}]},
          {"role":"tool","tool_call_id":"a","content":"sunny"},
          {"role":"tool","tool_call_id":"b","content":"{\"degrees\":20}"}]}
        """,
        [
            new(ChatRole.Assistant, [new FunctionCallContent("a", "weather", new Dictionary<string, object?> { ["city"] = "Bonn" })]),
            new(ChatRole.Tool, [new FunctionResultContent("a", "sunny"), new FunctionResultContent("b", new Dictionary<string, object?> { ["degrees"] = 20 })]),
        ]);

    [Fact]
    public void Images_sounds_and_files_are_written_as_parts() => Equal(
        """
        {"model":"auto","messages":[{"role":"user","name":"AnnaB","content":[
          {"type":"text","text":"What is this?"},
          {"type":"image_url","image_url":{"url":"data:image/png;base64,AQI=","detail":"low"}},
          {"type":"image_url","image_url":{"url":"https://example.com/a.png"}},
          {"type":"input_audio","input_audio":{"data":"Aw==","format":"wav"}},
          {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,BA=="}},
          {"type":"file","file":{"file_id":"file-1"}}]}]}
        """,
        [
            new(ChatRole.User,
            [
                new TextContent("What is this?"),
                new DataContent(new byte[] { 1, 2 }, "image/png") { AdditionalProperties = new() { ["detail"] = "low" } },
                new UriContent("https://example.com/a.png", "image/png"),
                new DataContent(new byte[] { 3 }, "audio/wav"),
                new DataContent(new byte[] { 4 }, "application/pdf") { Name = "a.pdf" },
                new HostedFileContent("file-1"),
            ]) { AuthorName = "Anna B." },
        ]);

    [Fact]
    public void A_refusal_goes_back_as_one() => Equal(
        """{"model":"auto","messages":[{"role":"assistant","content":null,"refusal":"No."}]}""", [new(ChatRole.Assistant, [new ErrorContent("No.") { ErrorCode = "Refusal" }])]);

    [Fact]
    public void What_chat_completions_have_no_form_for_is_refused_by_name()
    {
        Refuses("'Tools[0]' is a HostedWebSearchTool", new ChatOptions { Tools = [new HostedWebSearchTool()] });
        Refuses("'ConversationId' is given, but no history is kept", new ChatOptions { ConversationId = "c-1" });
        Refuses("'AllowBackgroundResponses' is given", new ChatOptions { AllowBackgroundResponses = true });
        Refuses("'temperature' is NaN; it must be a finite number.", new ChatOptions { Temperature = float.NaN });
        Refuses("'AdditionalProperties['model']' is what ChatOptions has a property of its own for.", new ChatOptions { AdditionalProperties = new() { ["model"] = "x" } });
        Refuses("'AdditionalProperties['type']' is of type RuntimeType, which has no form in JSON.", new ChatOptions { AdditionalProperties = new() { ["type"] = typeof(string) } });
        Refuses("'messages[0].Role' is 'narrator'; it must be one of system, developer, user, assistant, tool.", null, new ChatMessage(new ChatRole("narrator"), "Once"));
        Refuses("'messages[0].Contents' has a FunctionCallContent; only a message of an assistant may.", null, new ChatMessage(ChatRole.User, [new FunctionCallContent("a", "b")]));
        Refuses("'messages[0].Contents' has TextContent; a message of a tool has results of functions alone.", null, new ChatMessage(ChatRole.Tool, "sunny"));
        Refuses("'messages[0].Contents' has a UriContent of type 'video/mp4'", null, new ChatMessage(ChatRole.User, [new UriContent("https://example.com/a.mp4", "video/mp4"), new TextContent("?")]));
    }

    private static void Refuses(string message, ChatOptions? options, params ChatMessage[] messages)
    {
        var error = Assert.Throws<MetaLlmException>(() => ChatBody.Write(messages, options, stream: false));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.Equal(("invalid_value", 400), (error.Code, error.StatusCode));
    }

    private static void Equal(string expected, ChatMessage[] messages, ChatOptions? options = null, bool stream = false)
    {
        var body = Write(messages, options, stream);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), body), body.ToJsonString());
    }

    private static JsonNode Write(ChatMessage[] messages, ChatOptions? options, bool stream = false) => JsonNode.Parse(Encoding.UTF8.GetString(ChatBody.Write(messages, options, stream)))!;

    private sealed record City(string Name, int Inhabitants);
}
