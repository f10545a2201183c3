using System.Text.Json.Serialization;

namespace MetaLlm.Gateway.Configuration;

/// <summary>What an upstream is. Besides its protocol it says its address and the members of requests that it knows otherwise; docs/providers.md lists all of it.</summary>
public enum UpstreamKind
{
    /// <summary>A server that speaks the OpenAI format.</summary>
    [JsonStringEnumMemberName("openai")]
    OpenAi = 0,

    /// <summary>Invented models that the host itself plays on a loopback port.</summary>
    Simulator = 1,

    /// <summary>Azure OpenAI.</summary>
    [JsonStringEnumMemberName("azure-openai")]
    AzureOpenAi = 2,

    /// <summary>Anthropic's Messages API.</summary>
    Anthropic = 3,

    /// <summary>A client that the application brings: an <c>IChatClient</c> registered under the upstream's name.</summary>
    [JsonStringEnumMemberName("chat-client")]
    ChatClient = 4,

    /// <summary>OpenRouter.</summary>
    [JsonStringEnumMemberName("openrouter")]
    OpenRouter = 5,

    /// <summary>Groq.</summary>
    Groq = 6,

    /// <summary>Mistral.</summary>
    Mistral = 7,

    /// <summary>DeepSeek.</summary>
    [JsonStringEnumMemberName("deepseek")]
    DeepSeek = 8,

    /// <summary>Together.</summary>
    Together = 9,

    /// <summary>xAI.</summary>
    [JsonStringEnumMemberName("xai")]
    XAi = 10,

    /// <summary>A vLLM server.</summary>
    Vllm = 11,

    /// <summary>An Ollama server.</summary>
    Ollama = 12,

    /// <summary>The endpoint of Google Gemini that speaks the OpenAI format.</summary>
    [JsonStringEnumMemberName("gemini-compatible")]
    GeminiCompatible = 13,

    /// <summary>Google Gemini's own API.</summary>
    Gemini = 14,

    /// <summary>Amazon Bedrock.</summary>
    Bedrock = 15,

    /// <summary>OpenAI's Responses API.</summary>
    [JsonStringEnumMemberName("openai-responses")]
    OpenAiResponses = 16,
}
